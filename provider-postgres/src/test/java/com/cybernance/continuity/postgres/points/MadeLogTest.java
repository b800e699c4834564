package com.cybernance.continuity.postgres.points;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop.Reason;
import com.cybernance.continuity.testkit.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real server seldom writes: records given up after a crash, switches, zeros, pages of other timelines. */
class MadeLogTest {
    private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
    private static final Lsn START = new Lsn(8L * MadeLog.SEGMENT);

    @Test
    void read_passesOverARecordThatWasGivenUpAfterACrash() {
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
        log.commit(TEN, 0);
        log.crash();
        log.commit(TEN.plusSeconds(1), 0);

        assertThat(read(log, log.bytes(START, log.end())).starts()).isEqualTo(starts(log));
    }

    @Test
    void read_goesOnBehindASwitch() {
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
        log.commit(TEN, 0);
        log.switchSegment();
        log.commit(TEN.plusSeconds(1), 0);
        Result result = read(log, log.bytes(START, log.end()));

        assertThat(result.starts()).isEqualTo(starts(log));
        assertThat(starts(log).get(1)).isEqualTo(START.plus(MadeLog.SEGMENT + 40));
    }

    @Test
    void read_ofACommitWithoutATime_stopsThereInsteadOfPassingOverACommit() {
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
        log.commit(TEN, 0);
        Lsn end = log.end();
        log.timeless();
        log.commit(TEN.plusSeconds(1), 0);
        Result result = read(log, log.bytes(START, log.end()));

        assertThat(result.starts()).hasSize(1);
        assertThat(result.reader().stop().reason()).isEqualTo(Reason.MALFORMED);
        assertThat(result.reader().stop().at()).isEqualTo(end);
    }

    @Test
    void read_stopsAtZeros() {
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
        log.commit(TEN, 0);
        Result result = read(log, Arrays.copyOf(log.bytes(START, log.end()), 50_000));

        assertThat(result.reader().stop().reason()).isEqualTo(Reason.ZEROS);
        assertThat(result.reader().stop().at()).isEqualTo(log.end());
        assertThat(result.reader().lastRecordEnd()).hasValue(log.end());
    }

    @Test
    void read_refusesPagesOfALaterTimeline() {
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
        log.commit(TEN, 0);
        MadeLog later = log.fork(2);
        later.filler(9_000);
        later.commit(TEN.plusSeconds(1), 0);
        Result result = read(log, later.bytes(START, later.end()));

        assertThat(result.starts()).isEqualTo(starts(log));
        assertThat(result.reader().stop().reason()).isEqualTo(Reason.FOREIGN);
        assertThat(result.reader().stop().detail()).isEqualTo("the page is of timeline 2, expected 1");
    }

    @Test
    void read_ofAnotherVersion_saysSo() {
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
        log.commit(TEN, 0);
        byte[] bytes = log.bytes(START, log.end());
        bytes[0] = 0x0D;
        Result result = read(log, bytes);

        assertThat(result.reader().stop().reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(result.reader().stop().detail()).contains("D10D", "no PostgreSQL from 15 to 18");
    }

    @Test
    void read_ofADamagedLog_handsOverNothingWrong() {
        Seeds.check(10_000, seeds -> {
            MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
            for (int record = 0; record < 12; record++) {
                switch (seeds.between(0, 5)) {
                    case 0 -> log.crash();
                    case 1 -> log.filler(seeds.between(0, 20_000));
                    default -> log.commit(TEN.plusSeconds(record), seeds.between(0, 9_000));
                }
            }
            byte[] bytes = log.bytes(START, log.end());
            int flipped = seeds.between(0, bytes.length - 1);
            bytes[flipped] ^= (byte) (1 << seeds.between(0, 7));
            Result result = read(log, Arrays.copyOf(bytes, seeds.between(flipped, bytes.length)));

            List<Lsn> right = starts(log);
            assertThat(result.starts())
                    .isEqualTo(right.subList(0, result.starts().size()));
        });
    }

    private record Result(LogReader reader, List<Lsn> starts) {}

    private static Result read(MadeLog log, byte[] bytes) {
        List<Lsn> starts = new ArrayList<>();
        LogReader reader = LogReader.atRecord(
                MadeVault.CLUSTER,
                MadeLog.SEGMENT,
                log.timeline(),
                START,
                (Commit commit) -> starts.add(commit.start()));
        reader.feed(bytes);
        return new Result(reader, starts);
    }

    private static List<Lsn> starts(MadeLog log) {
        return log.commits().stream().map(MadeLog.Made::start).toList();
    }
}
