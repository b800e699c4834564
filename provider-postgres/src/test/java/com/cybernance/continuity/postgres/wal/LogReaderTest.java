package com.cybernance.continuity.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.LogStop.Reason;
import com.cybernance.continuity.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogReaderTest {
    /** The newest; under the whole bar every one. */
    static List<Integer> versions() {
        return List.of(18, 15, 16, 17).subList(0, Math.min(4, Seeds.runs(20)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void read_ofARealLog_findsTheCommitsThatTheServerItselfFinds(int major) {
        RealLog log = RealLog.of(major);
        assertThat(log.commits()).hasSizeGreaterThan(200);

        List<Commit> found = new ArrayList<>();
        LogReader reader = anywhere(log, log.start(), found::add);
        reader.feed(log.bytes());

        assertThat(reader.stop().reason()).as("%s", reader.stop()).isEqualTo(Reason.END_OF_DATA);
        assertThat(reader.lastRecordEnd()).hasValue(log.end());
        assertThat(reader.version()).hasValue(major);
        assertThat(found).isEqualTo(log.commits());

        inAnyParts(log);
        fromAnywhere(log);
        cutAnywhere(log);
        withAFlippedBit(log);
        ofAnotherCluster(log);
    }

    private static void inAnyParts(RealLog log) {
        Seeds.check(100, seeds -> {
            int most = seeds.pick(3, 50, 9000, 200_000);
            int length = Math.min(log.bytes().length, most * 4_000);
            List<Commit> found = new ArrayList<>();
            LogReader reader = anywhere(log, log.start(), found::add);
            for (int at = 0; at < length; ) {
                int part = Math.min(length - at, seeds.between(0, most));
                reader.feed(log.bytes(), at, part);
                at += part;
            }
            assertThat(found).isEqualTo(until(log, length));
            assertThat(reader.position()).isEqualTo(log.start().plus(length));
        });
    }

    private static void fromAnywhere(RealLog log) {
        Seeds.check(400, seeds -> {
            int from = seeds.between(0, log.bytes().length - 1);
            long firstPage = (log.start().plus(from).value() + 8191) & -8192L;
            List<Commit> found = new ArrayList<>();
            LogReader reader = anywhere(log, log.start().plus(from), found::add);
            reader.feed(log.bytes(), from, log.bytes().length - from);

            // Behind a switch there are zeros, and no page from which on to read, up to the next segment.
            if (reader.stop().reason() != Reason.ZEROS) {
                assertThat(reader.stop().reason()).isEqualTo(Reason.END_OF_DATA);
                assertThat(found)
                        .isEqualTo(log.commits().stream()
                                .filter(each -> !each.start().isBefore(new Lsn(firstPage)))
                                .toList());
            } else {
                assertThat(found).isEmpty();
            }
        });
    }

    private static void cutAnywhere(RealLog log) {
        Seeds.check(400, seeds -> {
            int length = seeds.between(0, log.bytes().length);
            List<Commit> found = new ArrayList<>();
            LogReader reader = anywhere(log, log.start(), found::add);
            reader.feed(log.bytes(), 0, length);

            assertThat(found).isEqualTo(until(log, length));
            assertThat(reader.stop().reason()).isEqualTo(Reason.END_OF_DATA);
            if (reader.lastRecordEnd().isPresent()) {
                List<Commit> rest = new ArrayList<>(found);
                Lsn end = reader.lastRecordEnd().get();
                int done = Math.toIntExact(end.minus(log.start()));
                if (done < log.bytes().length) {
                    LogReader second = LogReader.atRecord(log.cluster(), RealLog.SEGMENT, 1, end, rest::add);
                    second.feed(log.bytes(), done, log.bytes().length - done);
                    if (second.stop().reason() == Reason.END_OF_DATA) {
                        assertThat(rest).isEqualTo(log.commits());
                    }
                }
            }
        });
    }

    private static void withAFlippedBit(RealLog log) {
        Seeds.check(2_000, seeds -> {
            Commit near = seeds.pick(log.commits());
            long offset = near.start().minus(log.start()) + seeds.between(-9_000, 9_000);
            int at = (int) Math.max(0, Math.min(log.bytes().length - 1, offset));
            byte[] flipped = Arrays.copyOf(log.bytes(), Math.min(log.bytes().length, at + 200_000));
            flipped[at] ^= (byte) (1 << seeds.between(0, 7));
            List<Commit> right = until(log, flipped.length);
            List<Commit> found = new ArrayList<>();
            LogReader reader = anywhere(log, log.start(), found::add);
            reader.feed(flipped);

            assertThat(found).isEqualTo(right.subList(0, found.size()));
            if (found.size() < right.size()) {
                assertThat(reader.stop().reason()).isNotEqualTo(Reason.END_OF_DATA);
            }
            assertThat(found).containsAll(until(log, at - 8192));
        });
    }

    private static void ofAnotherCluster(RealLog log) {
        LogReader reader = LogReader.anywhere(new Cluster("1"), RealLog.SEGMENT, 1, log.start(), commit -> {
            throw new AssertionError("a commit of another cluster");
        });
        reader.feed(log.bytes());

        assertThat(reader.stop().reason()).isEqualTo(Reason.FOREIGN);
        assertThat(reader.stop().toString()).contains(log.cluster().system(), "expected 1");
    }

    private static LogReader anywhere(RealLog log, Lsn start, Consumer<Commit> commits) {
        return LogReader.anywhere(log.cluster(), RealLog.SEGMENT, 1, start, commits);
    }

    /** Those of which the last byte is among the first so many; what follows it up to the next 8 bytes is padding. */
    private static List<Commit> until(RealLog log, long length) {
        long least = log.start().value() + Math.max(0, length);
        return log.commits().stream()
                .filter(each -> each.end().value() - 8 < least)
                .filter(each -> each.end().value() <= least || padded(log, each) <= least)
                .toList();
    }

    /** Where the last byte of a commit's record is, exclusive, from the length in its header. */
    private static long padded(RealLog log, Commit commit) {
        int at = Math.toIntExact(commit.start().minus(log.start()));
        int length = (log.bytes()[at] & 0xFF) | ((log.bytes()[at + 1] & 0xFF) << 8);
        return commit.end().value() - ((8 - (length & 7)) & 7);
    }
}
