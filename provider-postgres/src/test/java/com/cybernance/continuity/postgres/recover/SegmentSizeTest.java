package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.postgres.receive.LogReceiver;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.vault.DirectoryVault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Clusters whose log files are not of 16 MiB: the log received, a backup taken, both verified, and restored to a commit. */
class SegmentSizeTest {
    @Test
    void restore_ofAClusterWithLogFilesOf1MiB_isExact() throws Exception {
        throughout(1);
    }

    @Tag("bar")
    @Test
    void restore_ofAClusterWithLogFilesOf64MiB_isExact() throws Exception {
        throughout(64);
    }

    private static void throughout(int mebibytes) throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try (Source source = new Source(17, List.of("--wal-segsize=" + mebibytes));
                DirectoryStateStore state = DirectoryStateStore.open(source.directory("state"))) {
            assertThat(source.server().query("SHOW wal_segment_size")).isEqualTo(mebibytes + "MB");
            source.server().configure("max_slot_wal_keep_size", "1GB");
            DirectoryVault vault = DirectoryVault.initialize("north", source.directory("vault"));
            try (LogReceiver receiver = receiver(source, vault, state)) {
                receiver.start();
                source.commit(10);
                Progress taken = RealBackupTest.take(source, vault, executor);
                assertThat(taken.state()).as(taken.toString()).isEqualTo(Progress.State.DONE);
                source.commit(10);
                // Over the ends of some log files of 1 MiB.
                source.server().execute("CREATE TABLE more AS SELECT n, md5(n::text) FROM generate_series(1, 40000) n");
                source.commit(5);
                awaitShipped(receiver, source.flushed());
            }
            restore(source, vault);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void restore(Source source, DirectoryVault vault) throws Exception {
        String system = source.server().query("SELECT system_identifier::text FROM pg_control_system()");
        RestorePoint point = RealBackupTest.point(vault, system);
        String backup = PointId.parse(point.id()).backup();
        assertThat(VaultVerifier.of(vault).verify(system, backup, Optional.empty()))
                .isEmpty();
        Source.Commit wanted =
                source
                        .commits(VaultedCluster.list(vault, new Cluster(system))
                                .backup(backup)
                                .start())
                        .stream()
                        .filter(commit -> commit.rows().contains(23L))
                        .findFirst()
                        .orElseThrow();
        RestoreRequest request = new RestoreRequest(
                point,
                "north",
                RecoverTo.position(wanted.start().toString()),
                source.directory("restored").toString());
        PostgresRestorer restorer = source.restorer(vault).build();

        Map<String, String> results = Source.run(restorer, "sized", request);

        assertThat(source.ledger(results)).isEqualTo(RealBackupTest.rows(23));
        assertThat(results).containsEntry("position", wanted.end().toString());
        Comparison comparison = PostgresVerifier.of(source::way, List.of())
                .compare("sized", request, results, () -> Duration.ofMinutes(5));
        assertThat(comparison.passed()).as(comparison.toString()).isTrue();
        restorer.discard("sized", request);
    }

    private static LogReceiver receiver(Source source, DirectoryVault vault, DirectoryStateStore state) {
        Properties login = new Properties();
        login.setProperty("user", "replicator");
        login.setProperty(
                "password",
                String.valueOf(((PGSimpleDataSource) source.server().dataSource("replicator")).getPassword()));
        Path spool = source.directory("spool");
        return LogReceiver.of(
                        "jdbc:postgresql://127.0.0.1:%d/postgres"
                                .formatted(source.server().port()),
                        login,
                        spool)
                .vault(vault)
                .state(state)
                .time(InstantSource.system(), System::nanoTime)
                .slot("sized")
                .shipEvery(Duration.ofMillis(200))
                .build();
    }

    private static void awaitShipped(LogReceiver receiver, Lsn to) {
        for (int i = 0;
                receiver.status().vaults().values().stream()
                        .anyMatch(vault -> vault.position().isBefore(to));
                i++) {
            assertThat(i).as("%s, expected %s", receiver.status(), to).isLessThan(6_000);
            Source.pause();
        }
    }
}
