package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.testkit.Seeds;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Moments of chance over several backups and three timelines, under load and in idle gaps: each is restored to the
 * transaction, or refused before anything is written.
 */
class ExactnessTest {
    private final MemoryVault vault = new MemoryVault("north");
    private final List<BackupRecord> backups = new ArrayList<>();
    private final List<Source.Commit> commits = new ArrayList<>();
    private int exact;
    private int refused;
    private int inversions;

    @Test
    void restore_toAnyMoment_isExactToTheTransaction_orRefusedBeforehand() throws Exception {
        try (Source source = new Source()) {
            history(source, Seeds.of(20_261_123));
            for (int i = 1; i < commits.size(); i++) {
                inversions += commits.get(i).at().isBefore(commits.get(i - 1).at()) ? 1 : 0;
            }
            int[] count = new int[1];
            Seeds.check(Seeds.runs(200) == 200 ? 200 : 80, seeds -> target(source, seeds, ++count[0]));
        }
        System.out.printf(
                "%d exact, %d refused beforehand, 0 wrong; %d commits on 3 timelines, %d of them out of order%n",
                exact, refused, commits.size(), inversions);
        assertThat(exact).isPositive();
    }

    private void history(Source source, Seeds seeds) throws Exception {
        PlainBackup plain = new PlainBackup(source.server(), vault);
        Lsn from = source.flushed();
        for (int timeline = 1; timeline <= 3; timeline++) {
            if (timeline > 1) {
                source.newTimeline();
                plain.history(timeline);
                // What the old timeline wrote while it stopped.
                plain.log(seeds, timeline - 1, from.segmentStart(PlainBackup.SEGMENT), switchOf(plain, timeline));
                from = source.flushed().segmentStart(PlainBackup.SEGMENT);
            }
            Lsn begun = from;
            load(source, 40);
            source.server().query("SELECT pg_sleep(0.3)");
            backups.add(plain.take(seeds, () -> load(source, 15)));
            load(source, 40);
            List<Source.Commit> all = source.commits(timeline == 1 ? begun : switchOf(plain, timeline));
            commits.addAll(all);
            plain.log(seeds, timeline, begun.segmentStart(PlainBackup.SEGMENT), source.flushed());
        }
    }

    private Lsn switchOf(PlainBackup plain, int timeline) {
        byte[] file = vault.bytes(plain.cluster().history(timeline));
        TimelinePath history = TimelinePath.of(timeline, file);
        return history.legs().get(history.legs().size() - 1).from();
    }

    private void target(Source source, Seeds seeds, int number) throws Exception {
        Instant moment = moment(seeds);
        BackupRecord backup = backup(seeds, moment);
        Optional<Set<Long>> expected = expected(backup, moment);
        PostgresRestorer restorer =
                source.restorer(vault).setting("fsync", "off").build();
        Path destination = source.directory("target-" + number);
        RestoreRequest request = source.request(backup, vault, RecoverTo.moment(moment), destination);
        String run = "exact-" + number;
        if (expected.isEmpty()) {
            restorer.begin(run, request, "check", Map.of());
            Progress progress = Source.ended(restorer, run, request, "check");
            assertThat(progress.failure())
                    .as("%s from %s: %s", moment, backup.id(), progress)
                    .contains(FailureKind.NOT_FOUND);
            assertThat(destination).doesNotExist();
            refused++;
            return;
        }
        Map<String, String> results = Source.run(restorer, run, request);
        try {
            assertThat(source.ledger(results))
                    .as("%s from %s: %s", moment, backup.id(), results)
                    .isEqualTo(expected.get());
            exact++;
        } finally {
            restorer.discard(run, request);
        }
        assertThat(destination).doesNotExist();
    }

    private Instant moment(Seeds seeds) {
        Instant first = commits.get(0).at();
        Instant last = commits.get(commits.size() - 1).at();
        if (seeds.chance(50)) {
            return seeds.pick(commits).at().plus(seeds.between(-1, 1), ChronoUnit.MICROS);
        }
        if (seeds.chance(20)) {
            return seeds.pick(backups).stoppedAt().plus(seeds.between(-2_000, 2_000), ChronoUnit.MICROS);
        }
        return seeds.instant(first.minusMillis(200), last.plusMillis(200)).truncatedTo(ChronoUnit.MICROS);
    }

    /** Mostly the newest that ended before the moment; sometimes any. */
    private BackupRecord backup(Seeds seeds, Instant moment) {
        BackupRecord newest = backups.get(0);
        for (BackupRecord each : backups) {
            if (!each.stoppedAt().isAfter(moment)) {
                newest = each;
            }
        }
        return seeds.chance(80) ? newest : seeds.pick(backups);
    }

    /** By the rule of the format's page, from what the server's own reader of the log told; empty for a refusal. */
    private Optional<Set<Long>> expected(BackupRecord backup, Instant moment) {
        Instant newest = backup.stoppedAt();
        Lsn end = backup.stop();
        for (Source.Commit commit : commits) {
            if (!commit.start().isBefore(backup.start())) {
                newest = commit.at().isAfter(newest) ? commit.at() : newest;
                end = !commit.at().isAfter(moment) && commit.end().isAfter(end) ? commit.end() : end;
            }
        }
        if (moment.isBefore(backup.stoppedAt()) || moment.isAfter(newest)) {
            return Optional.empty();
        }
        Set<Long> rows = new TreeSet<>();
        for (Source.Commit commit : commits) {
            if (!commit.end().isAfter(end)) {
                rows.addAll(commit.rows());
            }
        }
        return Optional.of(rows);
    }

    /** Several clients at once, each commit on its own. */
    private static void load(Source source, int commits) {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                all.add(clients.submit(() -> insert(source, commits / 4)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            clients.shutdown();
        }
    }

    private static Object insert(Source source, int commits) throws SQLException {
        try (Connection connection = source.server().dataSource("app_writer").getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < commits; i++) {
                statement.execute("INSERT INTO ledger (payload) VALUES (md5(random()::text))");
            }
        }
        return "";
    }
}
