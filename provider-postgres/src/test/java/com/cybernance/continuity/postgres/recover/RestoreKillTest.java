package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A restore whose process is killed, by chance in or between any of its steps, and goes on in another one. */
@Tag("bar")
class RestoreKillTest {
    private static final List<String> STEPS = RestoreSteps.NAMES;
    private static final Set<Long> ROWS =
            LongStream.rangeClosed(1, 48).boxed().collect(Collectors.toCollection(TreeSet::new));

    @ParameterizedTest
    @CsvSource({"17, 10", "15, 4", "18, 4"})
    void restore_whoseProcessIsKilledInAnyStep_goesOn_andIsWhole(int major, int most) throws Exception {
        int rounds = Seeds.runs(most);
        try (Source source = new Source(major)) {
            source.commit(5);
            DirectoryVault vault = DirectoryVault.initialize("north", source.directory("vault"));
            PlainBackup plain = new PlainBackup(source.server(), vault);
            BackupRecord backup = plain.take(Seeds.of(1), () -> source.commit(3));
            source.commit(40);
            plain.log(Seeds.of(2), 1, backup.start().segmentStart(PlainBackup.SEGMENT), source.flushed());
            Killed killed = new Killed(major, source, vault, plain.cluster(), backup);
            Seeds.check(most, killed::round);
            System.out.printf(
                    "%d restores on PostgreSQL %d were whole after %d kills%n", killed.rounds, major, killed.kills);
            // By chance each of five steps is killed once a round: without kills nothing was shown.
            assertThat(killed.rounds).isGreaterThanOrEqualTo(rounds);
            assertThat(killed.kills).isGreaterThanOrEqualTo(killed.rounds);
        }
    }

    /** Restores of one backup in processes that are killed. */
    private static final class Killed {
        private final int major;
        private final Source source;
        private final DirectoryVault vault;
        private final Cluster cluster;
        private final BackupRecord backup;
        private int rounds;
        private int kills;

        Killed(int major, Source source, DirectoryVault vault, Cluster cluster, BackupRecord backup) {
            this.major = major;
            this.source = source;
            this.vault = vault;
            this.cluster = cluster;
            this.backup = backup;
        }

        void round(Seeds seeds) throws Exception {
            Path destination = source.directory("killed-" + ++rounds);
            String password = String.valueOf(
                    ((PGSimpleDataSource) source.server().dataSource(PostgresServer.SUPERUSER)).getPassword());
            RestoreRequest request = Source.request(backup, vault, RecoverTo.latest(), destination, 1);
            PostgresRestorer restorer = RestoreProcess.restorer(major, vault, password);
            File output = destination
                    .resolveSibling(destination.getFileName() + ".out")
                    .toFile();
            try {
                // Forwards through the steps; some are killed more than once, some not at all.
                for (int step = 0; step < STEPS.size(); step++) {
                    for (int times = seeds.between(0, 2); times > 0; times--) {
                        killIn(STEPS.get(step), seeds, start(destination, password, output), output);
                    }
                }
                Process last = start(destination, password, output);
                assertThat(last.waitFor(5, TimeUnit.MINUTES))
                        .as("%s: %s", seeds, said(output))
                        .isTrue();
                assertThat(last.exitValue()).as("%s: %s", seeds, said(output)).isZero();
                TreeMap<String, String> results = new TreeMap<>();
                for (String step : STEPS) {
                    results.putAll(restorer.poll("killed", request, step).results());
                }
                assertThat(source.ledger(results)).as("%s", seeds).isEqualTo(ROWS);
                assertThat(results).containsEntry("lineage.timeline", "2");
            } finally {
                restorer.discard("killed", request);
            }
            assertThat(destination).doesNotExist();
            assertThat(ProcessHandle.allProcesses()
                            .map(each -> each.info().commandLine().orElse(""))
                            .filter(line -> line.contains(destination + "/")))
                    .as("processes that are left")
                    .isEmpty();
        }

        private Process start(Path destination, String password, File output) throws IOException {
            Files.deleteIfExists(output.toPath());
            return RestoreProcess.start(
                    major, source.directory("vault"), cluster, backup.id(), destination, password, output);
        }

        /** Kills it within a step, or just behind it; a step that was done before passes at once. */
        private void killIn(String step, Seeds seeds, Process process, File output) throws Exception {
            long nanos = TimeUnit.MILLISECONDS.toNanos(seeds.between(0, step.equals("check") ? 200 : 1_500));
            long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (!said(output).contains("begin " + step + "\n")
                    && process.isAlive()
                    && System.nanoTime() < patience) {
                Source.pause();
            }
            long until = System.nanoTime() + nanos;
            while (System.nanoTime() < until
                    && process.isAlive()
                    && !said(output).contains("done " + step + "\n")) {
                Source.pause();
            }
            kills += process.isAlive() ? 1 : 0;
            process.destroyForcibly();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(said(output)).as("%s, in step %s", seeds, step).doesNotContain("failed");
        }

        private static String said(File output) throws IOException {
            return output.exists() ? Files.readString(output.toPath()) : "";
        }
    }
}
