package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.backup.Restored;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A primary whose commits wait for a standby and for a receiver in a process of its own, under load, with a base backup in
 * the receiver's vault, and a server that was restored from that backup and replays what the receiver has. Rounds kill
 * whom chance picks. For one thread.
 */
final class KilledPair implements AutoCloseable {
    private static final String SLOT = "second_sync";

    private final Path directory;
    private final Seeds seeds;
    private final boolean forgetful;
    private final PostgresPair pair = PostgresPair.start();
    private final DirectoryVault vault;
    private final BackupRecord backup;
    private final ReceivedLog received;
    private final Restored restored;
    private final Set<Long> rows = new HashSet<>();
    private final Load load;
    private Process receiver;
    private int checked;

    /** @param forgetful whether the receiver calls durable what is not */
    KilledPair(Path directory, Seeds seeds, boolean forgetful) throws IOException, InterruptedException, SQLException {
        this.directory = directory;
        this.seeds = seeds;
        this.forgetful = forgetful;
        Files.createDirectories(directory.resolve("state"));
        vault = DirectoryVault.initialize("near", directory.resolve("near"));
        primary().configure("max_slot_wal_keep_size", "4GB");
        pair.standby().configure("wal_retrieve_retry_interval", "100ms");
        backup = takeBackup();
        Path files = Files.createDirectories(directory.resolve("files"));
        received = new ReceivedLog(
                new Cluster(backup.system()),
                vault,
                directory.resolve("spool"),
                files,
                backup.start().segmentStart(backup.segmentSize()));
        restored = Restored.follow(PostgresBinaries.ofClassPath(), laid("following"), password(), files);
        receiver = startReceiver();
        load = new Load(primary(), 4);
        primary()
                .await(
                        "SELECT count(*) FROM pg_stat_replication WHERE application_name = '%s' AND state = 'streaming'"
                                .formatted(SLOT),
                        "1");
        primary().configure("synchronous_standby_names", "FIRST 2 (standby_b, %s)".formatted(SLOT));
        primary()
                .await(
                        "SELECT sync_state FROM pg_stat_replication WHERE application_name = '%s'".formatted(SLOT),
                        "sync");
        // What was acknowledged before had the receiver's word for nothing.
        checked = load.acknowledged().size();
    }

    /** How many acknowledged commits were found again. */
    int checked() {
        return checked;
    }

    /** Kills, looks for every acknowledged row in what is left and in a server that replays it, and brings back who died. */
    void round(int round) throws IOException, SQLException {
        int known = load.acknowledged().size();
        Rig.await(
                () -> "commits that are acknowledged; " + output(),
                () -> load.acknowledged().size() > known + 40);
        if (seeds.chance(15)) {
            primary().execute("SELECT pg_switch_wal()");
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(seeds.between(0, 200)));
        boolean primaryDies = seeds.chance(75);
        boolean receiverDies = !primaryDies || seeds.chance(67);
        kill(primaryDies, receiverDies);
        List<Long> acknowledged = load.acknowledged();
        List<Long> since = acknowledged.subList(checked, acknowledged.size());
        String where = "%s, round %d, primary %s, receiver %s, %d acknowledged"
                .formatted(
                        seeds,
                        round,
                        primaryDies ? "killed" : "lives",
                        receiverDies ? "killed" : "lives",
                        acknowledged.size());
        received.look(!receiverDies);
        assertThat(received.transactions())
                .as("acknowledged in the received log: %s", where)
                .containsAll(since);
        Rig.await(
                () -> "acknowledged rows restored: %s, missing %s".formatted(where, missing(since)),
                () -> missing(since).isEmpty());
        checked = acknowledged.size();
        if (receiverDies) {
            receiver = startReceiver();
        }
        if (primaryDies) {
            primary().start();
        }
    }

    /** Restores from the vault alone, once it has everything, and compares the whole ledger. */
    void compareInTheEnd() throws IOException, InterruptedException, SQLException {
        load.close();
        primary().configure("synchronous_standby_names", "FIRST 1 (standby_b)");
        List<Long> acknowledged = load.acknowledged();
        checked = acknowledged.size();
        String all = "SELECT md5(string_agg(seq || payload, ',' ORDER BY seq)) FROM ledger";
        String ours = primary().query(all);
        var to = Rig.durable(primary());
        Rig.await(
                () -> "a vault that has the log up to " + to + "; " + output(),
                () -> VaultedLog.reaches(vault, backup.system(), 1, to));
        try (Restored fresh = Restored.start(PostgresBinaries.ofClassPath(), laid("fresh"), password())) {
            assertThat(fresh.query(all)).isEqualTo(ours);
        }
    }

    /** Those of the transactions whose rows the replaying server does not show. */
    private Set<Long> missing(List<Long> transactions) {
        Set<Long> missing = new TreeSet<>(transactions);
        missing.removeAll(rows);
        if (!missing.isEmpty()) {
            try {
                String list =
                        restored.query("SELECT string_agg(xmin::text, ',') FROM ledger WHERE xmin::text::bigint >= "
                                + missing.iterator().next());
                if (list != null) {
                    for (String each : list.split(",", -1)) {
                        rows.add(Long.valueOf(each));
                    }
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            missing.removeAll(rows);
        }
        return missing;
    }

    private void kill(boolean primaryDies, boolean receiverDies) {
        boolean receiverFirst = seeds.chance(50);
        if (receiverDies && receiverFirst) {
            end(receiver);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(seeds.between(0, 100)));
        }
        if (primaryDies) {
            primary().kill();
        }
        if (receiverDies && !receiverFirst) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(seeds.between(0, 20)));
            end(receiver);
        }
    }

    private BackupRecord takeBackup() throws IOException {
        try (PostgresBackups backups = PostgresBackups.of(Rig.url(primary()), () -> Rig.login(primary()))
                .build(Runnable::run, System::nanoTime)) {
            backups.begin("first", vault);
            Progress progress = backups.poll("first", vault);
            assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.DONE);
            return Restored.record(
                    vault, Objects.requireNonNull(progress.results().get("record")));
        }
    }

    private Path laid(String name) throws IOException {
        Path data = pair.directory().resolve(name);
        Restored.lay(vault, backup, data);
        return data;
    }

    private String password() {
        return Objects.requireNonNull(
                ((PGSimpleDataSource) primary().dataSource(PostgresServer.SUPERUSER)).getPassword());
    }

    private PostgresServer primary() {
        return pair.primary();
    }

    private Process startReceiver() throws IOException {
        return LogReceiverProcess.start(primary(), SLOT, directory, forgetful);
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("receiver.out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void end(Process receiver) {
        receiver.destroyForcibly();
        try {
            assertThat(receiver.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        end(receiver);
        restored.close();
        if (pair.primary().isRunning()) {
            pair.primary().kill();
        }
        load.close();
        pair.close();
    }
}
