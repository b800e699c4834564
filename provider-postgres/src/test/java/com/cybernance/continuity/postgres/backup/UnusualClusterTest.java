package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a cluster without page checksums, and of a standby that follows a failover. */
class UnusualClusterTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void clusterWithoutPageChecksums_hasNoPageReadAgain_andRestores()
            throws IOException, InterruptedException, SQLException {
        PostgresBinaries binaries = PostgresBinaries.ofClassPath();
        try (Rig rig = new Rig(PostgresPair.start(binaries, List.of("--no-data-checksums")))) {
            PostgresServer primary = rig.pair.primary();
            SqlRole.make(primary);
            primary.execute(
                    "INSERT INTO ledger (payload) SELECT md5(i::text) FROM generate_series(1, 5000) i",
                    "ALTER ROLE %s SET log_statement = 'all'".formatted(SqlRole.NAME));
            Vault vault = DirectoryVault.initialize("vault", directory.resolve("vault"));

            Progress progress = Rig.take(rig.build(rig.builder(SqlRole.NAME)), "plain", vault);

            BackupRecord record = Restored.record(vault, Rig.result(progress, "record"));
            assertThat(record.pageChecksums()).isFalse();
            assertThat(record.pagesChecked()).isZero();
            assertThat(readsOfRelations(primary)).hasSizeGreaterThan(500).doesNotHaveDuplicates();
            Path data = rig.pair.directory().resolve("restored");
            Restored.lay(vault, record, data);
            try (Restored restored = Restored.start(binaries, data, rig.password("postgres"))) {
                assertThat(restored.query("SELECT count(*) FROM ledger")).isEqualTo("5000");
            }
        }
    }

    @Test
    void standbyThatFollowsAFailoverMeanwhile_isRefusedBothWays_becauseItsLogLiesOnTwoTimelines() throws IOException {
        Vault vault = DirectoryVault.initialize("vault", directory.resolve("vault"));
        Vault other = DirectoryVault.initialize("other", directory.resolve("other"));
        try (Rig rig = new Rig(PostgresPair.start())) {
            PostgresServer follower = rig.pair.addStandby("standby_c", "north");
            follower.configure("wal_keep_size", "1GB");
            rig.pair.primary().execute("INSERT INTO ledger (payload) VALUES ('before')", "CHECKPOINT");
            follower.await("SELECT payload FROM ledger", "before");
            Cluster cluster = new Cluster(rig.system());
            AtomicBoolean moved = new AtomicBoolean();
            // The next look at the log is due at once.
            Patience patience = new Patience(
                    () -> System.nanoTime()
                            + (moved.get() ? Duration.ofSeconds(5).toNanos() : 0),
                    Duration.ofMinutes(1));
            try (SqlSession session = SqlSession.open(url(follower), login(rig, "postgres"), Duration.ofMinutes(1));
                    ReplicationConnection connection = ReplicationConnection.open(
                            url(follower), login(rig, "replicator"), Duration.ofMinutes(1))) {
                BaseCopy own = new BaseCopy(connection, patience, other, cluster, new Options(1, 0), bytes -> {
                    if (!moved.getAndSet(true)) {
                        failOver(rig, follower);
                    }
                });
                SqlCopy ours = new SqlCopy(session, patience, vault, cluster, new Options(1, 0), false, bytes -> {
                    if (!moved.get()) {
                        assertRefused(() -> own.take("followed by the server's own"));
                    }
                });
                assertRefused(() -> ours.take("followed"));
            }
            assertThat(moved).isTrue();
            assertThat(Rig.objects(vault, cluster.log(1)))
                    .as("log behind where the timeline was left")
                    .isEmpty();
        }
    }

    private static void assertRefused(ThrowableAssert.ThrowingCallable taking) {
        assertThatThrownBy(taking)
                .hasMessageContaining("began on timeline 1 and stopped on timeline 2")
                .hasMessageContaining("Hint: the server followed a failover")
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFLICT));
    }

    /** Until the follower is consistent on the next timeline only. */
    private static void failOver(Rig rig, PostgresServer follower) {
        PostgresServer next = rig.pair.standby();
        next.configure("synchronous_standby_names", "");
        rig.pair.primary().stop();
        assertThat(next.query("SELECT pg_promote(true, 60)::text")).isEqualTo("true");
        String way = follower.query("SHOW primary_conninfo");
        follower.configure("primary_slot_name", "");
        follower.configure(
                "primary_conninfo", way.replace("port=" + rig.pair.primary().port(), "port=" + next.port()));
        next.execute("INSERT INTO ledger (payload) VALUES ('after')", "SELECT pg_switch_wal()", "CHECKPOINT");
        follower.await("SELECT count(*) FROM ledger", "2");
        follower.await(
                "SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(next.query("SELECT pg_current_wal_flush_lsn()")),
                "t");
        follower.execute("CHECKPOINT");
    }

    /** Of which part of which file, as the server logged it. */
    private static List<String> readsOfRelations(PostgresServer server) throws InterruptedException {
        long since = System.nanoTime();
        while (!server.log().contains("pg_backup_stop")) {
            assertThat(System.nanoTime() - since).isLessThan(TimeUnit.MINUTES.toNanos(1));
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return server.log()
                .lines()
                .filter(line -> line.contains("$1 = 'base/") && line.contains("$3 = '"))
                .map(line -> line.substring(line.indexOf("$1")))
                .toList();
    }

    private static Properties login(Rig rig, String role) {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", rig.password(role));
        return properties;
    }

    private static String url(PostgresServer server) {
        return "jdbc:postgresql://127.0.0.1:%d/app".formatted(server.port());
    }
}
