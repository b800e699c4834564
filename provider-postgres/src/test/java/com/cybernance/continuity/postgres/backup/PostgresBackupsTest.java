package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresBackupsTest {
    private static final String ROWS =
            "SELECT md5(string_agg(seq || payload, ',' ORDER BY seq)) FROM ledger WHERE seq <= ";

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static Rig rig;

    private static int vaults;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private Vault vault;

    @BeforeAll
    static void start() {
        rig = new Rig(PostgresPair.start());
        SqlRole.make(rig.pair.primary());
        rig.pair.primary().execute("INSERT INTO ledger (payload) SELECT md5(i::text) FROM generate_series(1, 5000) i");
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
    void backupUnderLoad_restoresFromItsVaultAlone() throws IOException, InterruptedException, SQLException {
        PostgresServer primary = rig.pair.primary();
        Path space = Files.createDirectory(rig.pair.directory().resolve("elsewhere"));
        primary.execute("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(space));
        primary.execute(
                "CREATE TABLE far TABLESPACE elsewhere AS SELECT g, md5(g::text) FROM generate_series(1, 20000) g");
        long before = Long.parseLong(primary.query("SELECT count(*) FROM ledger"));
        AtomicBoolean enough = new AtomicBoolean();
        Thread load = new Thread(() -> write(enough), "load");
        load.start();
        Progress progress;
        try (PostgresBackups backups = rig.backups()) {
            progress = Rig.take(backups, "2026-11-25", vault);
        } finally {
            enough.set(true);
            load.join();
        }

        assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.DONE);
        BackupRecord record = Restored.record(vault, Rig.result(progress, "record"));
        assertThat(record.system()).isEqualTo(rig.system());
        assertThat(record.pageChecksums()).isTrue();
        assertThat(record.pagesChecked()).isGreaterThan(500);
        assertThat(record.tablespaces())
                .extracting(BackupRecord.Tablespace::location)
                .containsExactly(space.toString());
        assertThat(record.stoppedAt()).isAfter(record.startedAt());
        Path data = rig.pair.directory().resolve("restored");
        Restored.lay(vault, record, data);
        try (Restored restored = Restored.start(PostgresBinaries.ofClassPath(), data, rig.password("postgres"))) {
            long last = Long.parseLong(restored.query("SELECT max(seq) FROM ledger"));
            assertThat(last).as("rows restored").isGreaterThanOrEqualTo(before);
            assertThat(restored.query(ROWS + last)).isEqualTo(primary.query(ROWS + last));
            assertThat(restored.query("SELECT count(*) FROM far")).isEqualTo("20000");
            assertThat(restored.output()).contains("consistent recovery state reached");
        }
        primary.execute("DROP TABLE far");
        primary.execute("DROP TABLESPACE elsewhere");
    }

    @Test
    void damagedPage_isNamedAndIsNoBackup() throws IOException, InterruptedException {
        PostgresServer primary = rig.pair.primary();
        primary.execute("CREATE TABLE damaged AS SELECT md5(g::text) FROM generate_series(1, 5000) g", "CHECKPOINT");
        String file = primary.query("SELECT pg_relation_filepath('damaged')");
        try (RandomAccessFile relation =
                new RandomAccessFile(primary.dataDirectory().resolve(file).toFile(), "rw")) {
            relation.seek(3 * 8192 + 4000);
            int was = relation.read();
            relation.seek(3 * 8192 + 4000);
            relation.write(was ^ 1);
        }
        Progress progress = Rig.take(rig.backups(), "damaged", vault);
        primary.execute("DROP TABLE damaged");

        assertThat(progress.state()).isEqualTo(Progress.State.FAILED);
        assertThat(progress.failure()).contains(FailureKind.CORRUPT);
        assertThat(progress.detail()).contains("XX001").contains(file + " block 3 carries checksum");
        assertThat(records()).isEmpty();
    }

    @Test
    void serverOfAnotherCluster_isRefused() throws InterruptedException {
        PostgresBackups backups = rig.build(rig.builder("replicator").system("7000000000000000001"));

        Progress progress = Rig.take(backups, "other", vault);

        assertThat(progress.failure()).contains(FailureKind.CONFLICT);
        assertThat(progress.detail()).contains(rig.system()).contains("7000000000000000001");
        assertThat(Rig.objects(vault, "")).isEmpty();
    }

    @Test
    void roleWithoutTheRight_isToldWhatToGrant() throws InterruptedException {
        Progress progress = Rig.take(rig.build(rig.builder("app_writer")), "denied", vault);

        assertThat(progress.failure()).contains(FailureKind.DENIED);
        assertThat(progress.detail()).contains("REPLICATION").contains("pg_hba.conf");
    }

    @Test
    void connectionCutMidway_failsAndTheNextOneSucceeds() throws InterruptedException {
        PostgresBackups slow = rig.build(rig.builder("replicator").maxRate(2048));
        slow.begin("cut", vault);
        rig.pair
                .primary()
                .await("SELECT count(*) > 0 FROM pg_stat_progress_basebackup WHERE backup_streamed > 1000000", "t");
        rig.pair.primary().query("SELECT pg_terminate_backend(pid) FROM pg_stat_progress_basebackup");

        Progress progress = Rig.await(slow, "cut", vault);

        assertThat(progress.state()).isEqualTo(Progress.State.FAILED);
        assertThat(progress.failure()).contains(FailureKind.UNREACHABLE);
        assertThat(records()).isEmpty();
        assertThat(Rig.take(rig.backups(), "cut", vault).state()).isEqualTo(Progress.State.DONE);
    }

    @Test
    void discardedBackup_leavesNothingAndMayBeginAgain() throws InterruptedException {
        PostgresBackups slow = rig.build(rig.builder("replicator").maxRate(2048));
        slow.begin("unwanted", vault);
        rig.pair
                .primary()
                .await("SELECT count(*) > 0 FROM pg_stat_progress_basebackup WHERE backup_streamed > 1000000", "t");

        slow.discard("unwanted", vault);

        assertThat(slow.poll("unwanted", vault).state()).isEqualTo(Progress.State.ABSENT);
        rig.pair.primary().await("SELECT count(*) FROM pg_stat_progress_basebackup", "0");
        assertThat(rig.pair.primary().query("SELECT count(*) FROM pg_replication_slots WHERE temporary"))
                .isEqualTo("0");
        assertThat(records()).isEmpty();
        assertThat(Rig.take(rig.backups(), "unwanted", vault).state()).isEqualTo(Progress.State.DONE);
    }

    @Test
    void slot_isTakenOnceWhoeverAsks() throws InterruptedException {
        PostgresBackups first = rig.backups();
        first.begin("once", vault);
        first.begin("once", vault);
        Progress done = Rig.await(first, "once", vault);
        assertThat(done.state()).as(done.detail()).isEqualTo(Progress.State.DONE);
        List<String> objects = Rig.objects(vault, "");

        PostgresBackups afterRestart = rig.build(rig.builder("replicator").system(rig.system()));
        assertThat(afterRestart.poll("once", vault)).isEqualTo(done);
        assertThat(afterRestart.poll("never", vault).state()).isEqualTo(Progress.State.ABSENT);
        assertThat(Rig.take(rig.backups(), "once", vault))
                .as("without knowing the system")
                .isEqualTo(done);
        assertThat(Rig.objects(vault, "")).isEqualTo(objects);
    }

    @Test
    void poll_asksAVaultForNothingButReading() throws InterruptedException {
        Progress done = Rig.take(rig.backups(), "read", vault);
        PostgresBackups reader = rig.build(rig.builder("replicator").system(rig.system()));

        assertThat(reader.poll("read", new ReadOnlyVault(vault))).isEqualTo(done);
    }

    @Test
    void damagedRecordOfAnOlderBackup_doesNotKeepTheNextOneFromBeingTaken() throws IOException, InterruptedException {
        String base = new Cluster(rig.system()).base("20200101t000000z-00000001-0000000001000028");
        try (Vault.Draft draft = vault.create(base + "backup.json")) {
            draft.write("{\"format\":1,".getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }

        Progress progress = Rig.take(rig.backups(), "next", vault);

        assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.DONE);
        assertThat(Rig.take(rig.backups(), "next", vault)).as("found again").isEqualTo(progress);
    }

    @Test
    void nameThatNoTarCanHold_failsByName() throws IOException, InterruptedException {
        Path fits = rig.pair.primary().dataDirectory().resolve("f".repeat(99));
        Path tooLong = rig.pair.primary().dataDirectory().resolve("g".repeat(120));
        Files.writeString(fits, "as long as it may be");
        try {
            Progress good = Rig.take(rig.backups(), "fits", vault);
            assertThat(good.state()).as(good.detail()).isEqualTo(Progress.State.DONE);
            Files.writeString(tooLong, "too long");

            Progress bad = Rig.take(rig.backups(), "too-long", vault);

            assertThat(bad.state()).isEqualTo(Progress.State.FAILED);
            assertThat(bad.detail()).contains("file name too long for tar format: \"" + "g".repeat(120));
            assertThat(records()).hasSize(1);
        } finally {
            Files.delete(fits);
            Files.deleteIfExists(tooLong);
        }
    }

    /** The whole bar cuts each call; otherwise one somewhere and the one that would make it a backup. */
    @ParameterizedTest
    @EnumSource(BackupRecord.Method.class)
    void anyCallOfTheVaultThatFails_leavesNoHalfBackup_andTheLastGoodOne_andTheNextOneIsWhole(
            BackupRecord.Method method) throws IOException, InterruptedException, SQLException {
        String role = method == BackupRecord.Method.SQL ? SqlRole.NAME : "replicator";
        PostgresBackups backups = rig.build(rig.builder(role));
        BackupRecord good = Restored.record(vault, Rig.result(Rig.take(backups, "good", vault), "record"));
        assertThat(good.method()).isEqualTo(method);
        FaultyVault counting = new FaultyVault(vault, 0);
        Rig.result(Rig.take(backups, "counted", counting), "record");
        List<String> calls = counting.calls();
        boolean all = Seeds.runs(20) == 20;
        int first = all ? 1 : ThreadLocalRandom.current().nextInt(1, calls.size());
        int step = all ? 1 : calls.size() - first;
        for (int failing = first; failing <= calls.size(); failing += step) {
            cut(backups, failing, false);
            assertWhole(good);
            if (!calls.get(failing - 1).startsWith("write")) {
                cut(backups, failing, true);
            }
            if (!all || failing % 10 == 0 || failing == calls.size()) {
                isWholeAfterwards(
                        backups,
                        "restored-%s-%d".formatted(role.replace('_', '-'), failing),
                        failing % 40 == 0 || failing == calls.size());
            }
        }
        System.out.printf(
                "%s: %d calls cut, the last one %s%n", method, calls.size() / step, calls.get(calls.size() - 1));
    }

    private void cut(PostgresBackups backups, int failing, boolean whenDone) throws IOException, InterruptedException {
        List<String> before = records();
        FaultyVault faulty = new FaultyVault(vault, failing, whenDone);
        Progress progress = Rig.take(backups, "slot-" + failing, faulty);

        List<String> calls = faulty.calls();
        String what = "call %d of %s: %s".formatted(failing, calls, progress.detail());
        if (calls.size() < failing) {
            // One backup more may be a call or two shorter than another.
            assertThat(progress.state()).as(what).isEqualTo(Progress.State.DONE);
            return;
        }
        assertThat(progress.state()).as(what).isEqualTo(Progress.State.FAILED);
        assertThat(progress.detail())
                .as(what)
                .contains("No space left on device")
                .contains(vault.name());
        if (whenDone && calls.get(failing - 1).matches("commit .*/backup\\.json")) {
            return;
        }
        assertThat(records()).as(what).isEqualTo(before);
    }

    private void isWholeAfterwards(PostgresBackups backups, String name, boolean restore)
            throws IOException, InterruptedException, SQLException {
        Progress again = Rig.take(backups, name, vault);
        BackupRecord record = Restored.record(vault, Rig.result(again, "record"));
        for (String each : records()) {
            assertWhole(Restored.record(vault, each));
        }
        if (restore) {
            Path data = rig.pair.directory().resolve(name);
            Restored.lay(vault, record, data);
            try (Restored restored = Restored.start(PostgresBinaries.ofClassPath(), data, rig.password("postgres"))) {
                assertThat(restored.query("SELECT count(*) FROM ledger"))
                        .isEqualTo(rig.pair.primary().query("SELECT count(*) FROM ledger"));
            }
        }
    }

    private void assertWhole(BackupRecord record) throws IOException {
        for (BackupRecord.Part part : record.objects()) {
            assertThat(vault.find(part.name()).orElseThrow().sha256()).isEqualTo(part.sha256());
            try (InputStream in = vault.open(part.name())) {
                assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(part.size());
            }
        }
        Lsn from = record.start().segmentStart(record.segmentSize());
        Cluster cluster = new Cluster(record.system());
        assertThat(LogCoverage.of(vault, cluster, record.timeline(), record.segmentSize(), from, record.stop())
                        .gaps())
                .isEmpty();
    }

    private List<String> records() {
        return Rig.objects(vault, "").stream()
                .filter(name -> name.endsWith("/backup.json"))
                .toList();
    }

    private static void write(AtomicBoolean enough) {
        try (Connection connection = rig.pair.primary().dataSource("app_writer").getConnection();
                Statement statement = connection.createStatement()) {
            while (!enough.get()) {
                statement.execute("INSERT INTO ledger (payload) VALUES (md5(random()::text))");
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
