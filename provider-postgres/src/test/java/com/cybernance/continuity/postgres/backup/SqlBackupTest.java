package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups where replication is refused. */
class SqlBackupTest {
    private static final int SEGMENT = 1 << 24;

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static Rig rig;

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer primary;

    private static int vaults;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private Vault vault;

    @BeforeAll
    static void start() {
        rig = new Rig(PostgresPair.start());
        primary = rig.pair.primary();
        // It would grow files between two backups that are compared.
        primary.configure("autovacuum", "off");
        SqlRole.make(primary);
        primary.execute("INSERT INTO ledger (payload) SELECT md5(i::text) FROM generate_series(1, 5000) i");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void freshVault() {
        String name = "vault-" + ++vaults;
        vault = DirectoryVault.initialize(name, directory.resolve(name));
    }

    @Test
    void backupBySomeReadingRole_holdsWhatTheServersOwnHolds_andRestores()
            throws IOException, InterruptedException, SQLException {
        Path space = Files.createDirectory(rig.pair.directory().resolve("elsewhere"));
        primary.execute("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(space));
        primary.execute(
                "CREATE TABLE far TABLESPACE elsewhere AS SELECT g, md5(g::text) FROM generate_series(1, 20000) g",
                "CREATE UNLOGGED TABLE fleeting AS SELECT g FROM generate_series(1, 20000) g",
                "CREATE UNLOGGED TABLE far_fleeting TABLESPACE elsewhere AS SELECT g FROM generate_series(1, 20000) g",
                "CHECKPOINT");
        Path data = primary.dataDirectory();
        Files.createDirectories(data.resolve("base/pgsql_tmp"));
        for (String strange : List.of("base/pgsql_tmp/pgsql_tmp1.1", "pgsql_tmp1", "pg_dynshmem/mmap.1", "kept.conf")) {
            Files.writeString(data.resolve(strange), "something");
        }
        Files.createFile(data.resolve("empty"));
        BackupRecord own;
        BackupRecord ours;
        // A table of a session is there while both are taken.
        try (Connection session = primary.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE passing AS SELECT g FROM generate_series(1, 20000) g");
            own = record(Rig.take(rig.backups(), "own", vault));
            ours = record(Rig.take(overSql(), "ours", vault));
        }

        assertThat(own.method()).isEqualTo(BackupRecord.Method.REPLICATION);
        assertThat(ours.method()).isEqualTo(BackupRecord.Method.SQL);
        assertThat(Contents.of(vault, ours).names())
                .isEqualTo(Contents.of(vault, own).names());
        assertThat(Contents.of(vault, ours).manifest())
                .isEqualTo(Contents.of(vault, own).manifest());
        assertThat(ours.pagesChecked()).isGreaterThan(500);
        restores(ours, "compared", 5000);
        primary.execute("DROP TABLE far", "DROP TABLE far_fleeting", "DROP TABLE fleeting");
        primary.execute("DROP TABLESPACE elsewhere");
    }

    @Tag("bar")
    @Test
    void segmentsThatTheServerRemovesMeanwhile_areBroughtBefore()
            throws IOException, InterruptedException, SQLException {
        PostgresBackups slow = rig.build(rig.builder(SqlRole.NAME).maxRate(8 * 1024));
        slow.begin("slow", vault);
        awaitCopying(slow, "slow", 4);
        String first = primary.query("SELECT pg_walfile_name(pg_current_wal_lsn())");
        Cluster cluster = new Cluster(rig.system());
        while (slow.poll("slow", vault).state() == Progress.State.RUNNING) {
            primary.execute("INSERT INTO ledger (payload) VALUES ('more')");
            Lsn end = Lsn.parse(primary.query("SELECT pg_switch_wal()")).plus(-1);
            Lsn from = end.segmentStart(SEGMENT);
            awaitPiece(slow, new Piece(1, from, from.plus(SEGMENT)).object(cluster));
            primary.execute("CHECKPOINT");
        }
        Progress progress = slow.poll("slow", vault);

        BackupRecord record = record(progress);
        assertThat(primary.query("SELECT count(*) FROM pg_ls_waldir() WHERE name = '%s'".formatted(first)))
                .as("the first segment is removed: " + first)
                .isEqualTo("0");
        assertThat(progress.detail()).contains("taken over SQL");
        restores(record, "removed", 5000);
    }

    @Test
    void missingRight_isNamedWithWhatGrantsIt_andNothingIsBegun() throws InterruptedException {
        for (String right : SqlRole.RIGHTS) {
            primary.execute(SqlRole.revoke(right));
            Progress progress = Rig.take(overSql(), "denied", vault);
            primary.execute(SqlRole.grant(right));

            assertThat(progress.failure()).as(right).contains(FailureKind.DENIED);
            assertThat(progress.detail())
                    .contains("may not execute " + right)
                    .contains("GRANT EXECUTE ON FUNCTION " + right)
                    .contains("neither way leads to a backup");
        }
        assertThat(Rig.objects(vault, "")).isEmpty();
    }

    @Test
    void wrongPassword_isNoReasonToTryTheOtherWay() throws InterruptedException {
        primary.execute("ALTER ROLE %s PASSWORD 'another'".formatted(SqlRole.NAME));
        Progress progress = Rig.take(overSql(), "stranger", vault);
        primary.execute("ALTER ROLE %s PASSWORD '%s'".formatted(SqlRole.NAME, rig.password(SqlRole.NAME)));

        assertThat(progress.failure()).contains(FailureKind.DENIED);
        assertThat(Rig.objects(vault, "")).isEmpty();
    }

    @Tag("bar")
    @Test
    void sessionThatIsLostBeforeTheStop_isNoBackup_andTheNextOneIs() throws IOException, InterruptedException {
        PostgresBackups slow = rig.build(rig.builder(SqlRole.NAME).maxRate(4 * 1024));
        slow.begin("cut", vault);
        String telling = awaitCopying(slow, "cut", 2);
        primary.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'".formatted(SqlRole.NAME));

        Progress progress = Rig.await(slow, "cut", vault);

        assertThat(telling).contains("over SQL, because replication was refused");
        assertThat(progress.state()).isEqualTo(Progress.State.FAILED);
        assertThat(progress.failure()).contains(FailureKind.UNREACHABLE);
        assertThat(records()).isEmpty();
        assertThat(record(Rig.take(overSql(), "cut", vault)).method()).isEqualTo(BackupRecord.Method.SQL);
    }

    @Tag("bar")
    @Test
    void serverThatIsKilledMidway_isNoBackup_andTheNextOneIs() throws IOException, InterruptedException {
        PostgresBackups slow = rig.build(rig.builder(SqlRole.NAME).maxRate(4 * 1024));
        slow.begin("killed", vault);
        awaitCopying(slow, "killed", 2);
        primary.kill();

        Progress progress = Rig.await(slow, "killed", vault);
        primary.start();

        assertThat(progress.failure()).contains(FailureKind.UNREACHABLE);
        assertThat(records()).isEmpty();
        assertThat(record(Rig.take(overSql(), "killed", vault)).method()).isEqualTo(BackupRecord.Method.SQL);
    }

    @Test
    void discardedBackup_endsItsSessionInTheServer() throws InterruptedException {
        PostgresBackups slow = rig.build(rig.builder(SqlRole.NAME).maxRate(4 * 1024));
        slow.begin("unwanted", vault);
        awaitCopying(slow, "unwanted", 2);

        slow.discard("unwanted", vault);

        primary.await("SELECT count(*) FROM pg_stat_activity WHERE usename = '%s'".formatted(SqlRole.NAME), "0");
        assertThat(records()).isEmpty();
    }

    @Test
    void damagedPage_isNamedAndIsNoBackup() throws IOException, InterruptedException {
        primary.execute("CREATE TABLE damaged AS SELECT md5(g::text) FROM generate_series(1, 5000) g", "CHECKPOINT");
        String file = primary.query("SELECT pg_relation_filepath('damaged')");
        try (RandomAccessFile relation =
                new RandomAccessFile(primary.dataDirectory().resolve(file).toFile(), "rw")) {
            relation.seek(3 * 8192 + 4000);
            int was = relation.read();
            relation.seek(3 * 8192 + 4000);
            relation.write(was ^ 1);
        }
        Progress progress = Rig.take(overSql(), "damaged", vault);
        primary.execute("DROP TABLE damaged");

        assertThat(progress.failure()).contains(FailureKind.CORRUPT);
        assertThat(progress.detail()).contains(file + " block 3 carries checksum");
        assertThat(records()).isEmpty();
    }

    @Test
    void roleThatMayReplicate_takesItOverSqlWhereThatIsWished() throws IOException, InterruptedException {
        primary.execute("ALTER ROLE %s REPLICATION".formatted(SqlRole.NAME));
        Progress progress = Rig.take(rig.build(rig.builder(SqlRole.NAME).overSql()), "wished", vault);
        primary.execute("ALTER ROLE %s NOREPLICATION".formatted(SqlRole.NAME));

        assertThat(record(progress).method()).isEqualTo(BackupRecord.Method.SQL);
        primary.await("SELECT count(*) FROM pg_replication_slots WHERE temporary", "0");
    }

    @Tag("bar")
    @Test
    void foreignBytesUnderTheNameOfNeededLog_areNoBackup() throws IOException, InterruptedException {
        Cluster cluster = new Cluster(rig.system());
        Lsn end = Lsn.parse(primary.query("SELECT pg_switch_wal()"));
        // A backup goes on to the next segment, too, when it begins and when it ends.
        for (int ahead = 1; ahead <= 12; ahead++) {
            Lsn from = end.segmentStart(SEGMENT).plus((long) ahead * SEGMENT);
            try (Packed packed = new Packed(vault, new Piece(1, from, from.plus(SEGMENT)).object(cluster), 1)) {
                packed.write(new byte[SEGMENT + 1]);
                packed.commit();
            }
        }

        for (PostgresBackups backups : List.of(overSql(), rig.backups())) {
            Progress progress = Rig.take(backups, "foreign", vault);

            assertThat(progress.failure()).as(progress.detail()).contains(FailureKind.CORRUPT);
            assertThat(progress.detail()).contains(cluster.log(1)).contains("begins with an empty page");
            assertThat(records()).isEmpty();
        }
    }

    /** The server must be started anew for it, and its log is kept from then on. */
    @Tag("bar")
    @Test
    void archiveOfTheServerThatFails_holdsNeitherWayUp() throws IOException, InterruptedException {
        primary.configure("archive_mode", "on");
        primary.configure("archive_command", "/bin/false");
        primary.restart();
        try {
            assertThat(record(Rig.take(rig.backups(), "replication", vault)).method())
                    .isEqualTo(BackupRecord.Method.REPLICATION);
            assertThat(record(Rig.take(overSql(), "sql", vault)).method()).isEqualTo(BackupRecord.Method.SQL);
            primary.await("SELECT failed_count > 0 FROM pg_stat_archiver", "t");
        } finally {
            primary.configure("archive_command", "/bin/true");
        }
    }

    private static PostgresBackups overSql() {
        return rig.build(rig.builder(SqlRole.NAME));
    }

    private BackupRecord record(Progress progress) throws IOException {
        return Restored.record(vault, Rig.result(progress, "record"));
    }

    private String awaitCopying(PostgresBackups backups, String slot, int mebibytes) {
        long since = System.nanoTime();
        while (true) {
            Progress progress = backups.poll(slot, vault);
            assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.RUNNING);
            if (progress.detail().contains(": %d MiB".formatted(mebibytes))) {
                return progress.detail();
            }
            assertThat(System.nanoTime() - since).as(progress.detail()).isLessThan(180_000_000_000L);
            Thread.onSpinWait();
        }
    }

    private void awaitPiece(PostgresBackups backups, String object) {
        long since = System.nanoTime();
        while (vault.find(object).isEmpty() && backups.poll("slow", vault).state() == Progress.State.RUNNING) {
            assertThat(System.nanoTime() - since).as(object).isLessThan(180_000_000_000L);
            Thread.onSpinWait();
        }
    }

    private void restores(BackupRecord record, String name, int least)
            throws IOException, InterruptedException, SQLException {
        Path data = rig.pair.directory().resolve(name);
        Restored.lay(vault, record, data);
        try (Restored restored = Restored.start(PostgresBinaries.ofClassPath(), data, rig.password("postgres"))) {
            assertThat(Integer.parseInt(restored.query("SELECT count(*) FROM ledger")))
                    .isGreaterThanOrEqualTo(least);
            if (!record.tablespaces().isEmpty()) {
                assertThat(restored.query("SELECT count(*) FROM far")).isEqualTo("20000");
                assertThat(restored.query("SELECT count(*) FROM fleeting")).isEqualTo("0");
                assertThat(restored.query("SELECT count(*) FROM far_fleeting")).isEqualTo("0");
            }
            assertThat(restored.output()).contains("consistent recovery state reached");
        }
    }

    private List<String> records() {
        return Rig.objects(vault, "").stream()
                .filter(name -> name.endsWith("/backup.json"))
                .toList();
    }
}
