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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A restore whose process is killed, by chance in or between any of its steps, and goes on in another one. */
@Tag("bar")
class RestoreKillTest {
    private static final List<String> STEPS = RestoreSteps.NAMES;
    private static final Source SOURCE = new Source();

    @SuppressWarnings("NullAway.Init")
    private static DirectoryVault vault;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static BackupRecord backup;

    private static final Set<Long> ROWS = new TreeSet<>();
    private static int kills;

    @BeforeAll
    static void backUp() throws Exception {
        SOURCE.commit(5);
        vault = DirectoryVault.initialize("north", SOURCE.directory("vault"));
        PlainBackup plain = new PlainBackup(SOURCE.server(), vault);
        cluster = plain.cluster();
        backup = plain.take(Seeds.of(1), () -> SOURCE.commit(3));
        SOURCE.commit(40);
        plain.log(Seeds.of(2), 1, backup.start().segmentStart(PlainBackup.SEGMENT), SOURCE.flushed());
        for (long seq = 1; seq <= 48; seq++) {
            ROWS.add(seq);
        }
    }

    @AfterAll
    static void close() {
        SOURCE.close();
    }

    @Test
    void restore_whoseProcessIsKilledInAnyStep_goesOn_andIsWhole() {
        int[] rounds = new int[1];
        Seeds.check(10, seeds -> {
            round(seeds, SOURCE.directory("killed-" + ++rounds[0]));
        });
        System.out.printf("%d restores were whole after %d kills%n", rounds[0], kills);
    }

    private static void round(Seeds seeds, Path destination) throws Exception {
        String password = String.valueOf(
                ((PGSimpleDataSource) SOURCE.server().dataSource(PostgresServer.SUPERUSER)).getPassword());
        RestoreRequest request = Source.request(backup, vault, RecoverTo.latest(), destination, 1);
        PostgresRestorer restorer = RestoreProcess.restorer(vault, password);
        File output =
                destination.resolveSibling(destination.getFileName() + ".out").toFile();
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
            assertThat(SOURCE.ledger(results)).as("%s", seeds).isEqualTo(ROWS);
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

    private static Process start(Path destination, String password, File output) throws IOException {
        Files.deleteIfExists(output.toPath());
        return RestoreProcess.start(SOURCE.directory("vault"), cluster, backup.id(), destination, password, output);
    }

    /** Kills it within a step, or just behind it; a step that was done before passes at once. */
    private static void killIn(String step, Seeds seeds, Process process, File output) throws Exception {
        long nanos = TimeUnit.MILLISECONDS.toNanos(seeds.between(0, step.equals("check") ? 200 : 1_500));
        long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!said(output).contains("begin " + step + "\n") && process.isAlive() && System.nanoTime() < patience) {
            Source.pause();
        }
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until && process.isAlive() && !said(output).contains("done " + step + "\n")) {
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
