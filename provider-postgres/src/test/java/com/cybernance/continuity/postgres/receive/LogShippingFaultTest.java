package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.backup.Restored;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Each call that brings the log over the spool's disk to the vault is cut once: it fails before its work or after it, or
 * the process dies there, and its machine then or later, with its spool or without. What was acknowledged is never lost,
 * what is listed is what the server sent, and whoever comes next brings the rest.
 */
class LogShippingFaultTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // made before each test
    Path directory;

    @Test
    void anyCallThatIsCut_losesNothingThatWasAcknowledged_andLeavesNothingThatIsNotTheLog() throws IOException {
        Seeds seeds = Seeds.of(20_261_125);
        byte[] log = new byte[150_000];
        for (int i = 0; i < log.length; i++) {
            log[i] = (byte) seeds.between(0, 255);
        }
        ShippingCase made = new ShippingCase(
                directory, new Lineage("7000000000000000042", 1 << 16), new Lsn(0x0001_FFF0), log, vault -> {});
        long calls = made.calls();
        int step = Seeds.runs(20) == 20 ? 1 : 10;
        int cuts = 0;
        for (long call = 1 + System.nanoTime() % step; call <= calls; call += step) {
            for (ShippingCase.How how : ShippingCase.How.values()) {
                made.cut(call, how, false);
                cuts++;
            }
        }
        System.out.printf("%d calls, %d cuts%n", calls, cuts);
    }

    @Test
    void shipperThatTrustsWhatIsMerelyListed_isFoundOut() throws IOException {
        byte[] log = new byte[150_000];
        Arrays.fill(log, (byte) 7);
        ShippingCase made = new ShippingCase(
                directory, new Lineage("7000000000000000042", 1 << 16), new Lsn(0x0001_0000), log, vault -> {});
        long calls = made.calls();

        assertThatThrownBy(() -> {
                    for (long call = 1; call <= calls; call++) {
                        made.cut(call, ShippingCase.How.DIES_AND_LOSES_POWER_LATER, true);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("log in the vault without a gap");
    }

    @Test
    void shipperThatCountsAPieceBeforeItIsCommitted_isFoundOut() throws IOException {
        byte[] log = new byte[150_000];
        Arrays.fill(log, (byte) 7);
        ShippingCase made = new ShippingCase(
                directory,
                new Lineage("7000000000000000042", 1 << 16),
                new Lsn(0x0001_0000),
                log,
                vault -> {},
                () -> new Committing() {
                    @Override
                    void begin(Piece next, PackedPiece packed, Runnable committed) throws InterruptedException {
                        committed.run();
                        super.begin(next, packed, () -> {});
                    }
                });
        long calls = made.calls();

        assertThatThrownBy(() -> {
                    for (long call = 1; call <= calls; call++) {
                        made.cut(call, ShippingCase.How.DIES_WITH_ITS_MACHINE, false);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("acknowledged, in spool and vault");
    }

    /** Part of the bar alone: a real log behind a real backup, so that indexes are written and a server can be restored. */
    @Test
    @Tag("bar")
    void anyCallThatIsCut_leavesABackupThatRestoresToTheEndOfTheLog() throws Exception {
        try (PostgresPair pair = PostgresPair.start()) {
            PostgresServer server = pair.primary();
            Vault plain = DirectoryVault.initialize("plain", directory.resolve("plain"));
            BackupRecord backup = take(server, plain);
            server.execute("INSERT INTO ledger (payload) SELECT md5(i::text) FROM generate_series(1, 3000) i");
            String rows = server.query("SELECT count(*) FROM ledger");
            Lsn from = backup.start().segmentStart(backup.segmentSize());
            ShippingCase real = new ShippingCase(
                    directory.resolve("real"),
                    new Lineage(backup.system(), backup.segmentSize()),
                    from,
                    log(server, from),
                    vault -> vault.takeBase(plain));
            long calls = real.calls();
            long cuts = 0;
            long every = Math.max(1, calls * ShippingCase.How.values().length / 15 / 6);
            for (long call = 1 + System.nanoTime() % 15; call <= calls; call += 15) {
                for (ShippingCase.How how : ShippingCase.How.values()) {
                    MortalVault vault = real.cut(call, how, false);
                    if (cuts++ % every == 0) {
                        restores(vault, backup, pair, "restored-%d-%s".formatted(call, how), rows);
                    }
                }
            }
            System.out.printf("%d calls over a real log, %d cuts, one in %d restored%n", calls, cuts, every);
        }
    }

    private static void restores(MortalVault vault, BackupRecord backup, PostgresPair pair, String name, String rows)
            throws Exception {
        Path data = pair.directory().resolve(name);
        Restored.lay(vault, backup, data);
        String password = Objects.requireNonNull(
                ((PGSimpleDataSource) pair.primary().dataSource(PostgresServer.SUPERUSER)).getPassword());
        try (Restored restored = Restored.start(PostgresBinaries.ofClassPath(), data, password)) {
            assertThat(restored.query("SELECT count(*) FROM ledger")).as(name).isEqualTo(rows);
        }
    }

    private static BackupRecord take(PostgresServer server, Vault vault) throws IOException {
        try (PostgresBackups backups =
                PostgresBackups.of(Rig.url(server), () -> Rig.login(server)).build(Runnable::run, System::nanoTime)) {
            backups.begin("base", vault);
            Progress progress = backups.poll("base", vault);
            assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.DONE);
            return Restored.record(
                    vault, Objects.requireNonNull(progress.results().get("record")));
        }
    }

    /** The log from a segment's start to what is durable now. */
    private static byte[] log(PostgresServer server, Lsn from) throws IOException {
        Lsn to = Rig.durable(server);
        byte[] log = new byte[(int) to.minus(from)];
        for (int at = 0; at < log.length; at += VaultedLog.SEGMENT) {
            Path file = server.dataDirectory().resolve("pg_wal").resolve(VaultedLog.fileName(1, from.plus(at)));
            System.arraycopy(Files.readAllBytes(file), 0, log, at, Math.min(VaultedLog.SEGMENT, log.length - at));
        }
        return log;
    }
}
