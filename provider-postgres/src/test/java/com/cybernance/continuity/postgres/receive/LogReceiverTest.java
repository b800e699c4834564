package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.backup.Restored;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.VaultState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReceiverTest {
    @SuppressWarnings("NullAway.Init") // made before the first test
    private static PostgresPair pair;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeAll
    static void start() {
        pair = PostgresPair.start();
        primary().configure("max_slot_wal_keep_size", "1GB");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    private static PostgresServer primary() {
        return pair.primary();
    }

    @Test
    void bothVaults_haveTheLogByteForByte_overACrashOfTheServerAndARestartOfTheReceiver() {
        try (Rig rig = new Rig(directory, "steady")) {
            try (LogReceiver receiver = rig.receiver(primary()).build()) {
                assertThat(receiver.status().link()).isEqualTo(Link.NEW);
                receiver.start();
                try (Load load = new Load(primary(), 3)) {
                    fill(17);
                    Rig.await(() -> "some load", () -> load.acknowledged().size() > 60);
                    primary().kill();
                    primary().start();
                    Rig.awaitLink(receiver, Link.STREAMING);
                    Rig.await(() -> "more load", () -> load.acknowledged().size() > 120);
                }
                Rig.awaitShipped(receiver, primary());
                rig.assertVaultsHave(primary(), 1);
                rig.assertIndexesAreRight(Rig.system(primary()));
                assertThat(receiver.status().holes()).isEmpty();
                assertThat(receiver.status().warnings()).isEmpty();
            }
            fill(3);
            try (LogReceiver again = rig.receiver(primary()).build()) {
                again.start();
                Rig.awaitShipped(again, primary());
                Rig.await(
                        again, "a complete moment", status -> status.complete().isPresent());
                rig.assertVaultsHave(primary(), 1);
                Rig.await(again, "an emptied spool", status -> status.spoolBytes() < VaultedLog.SEGMENT + 5_000_000);
            }
        }
        forget("steady");
    }

    @Test
    void vaultThatIsUnreachable_holdsUpNoOther_andIsCaughtUpLater_andTheSpoolStaysWithinItsBound() {
        try (Rig rig = new Rig(directory, "unsteady");
                LogReceiver receiver =
                        rig.receiver(primary()).spoolLimit(Rig.FEW_BYTES).build()) {
            rig.far.cut(true);
            receiver.start();
            fill(1);
            Lsn first = Rig.durable(primary());
            Rig.await(receiver, "the near vault at " + first, status -> !status.vault("near")
                    .position()
                    .isBefore(first));
            assertThat(receiver.status().vault("far").error())
                    .hasValueSatisfying(why -> assertThat(why).contains("cut off"));

            fill(52);
            Rig.awaitLink(receiver, Link.HELD);
            assertThat(receiver.status().error())
                    .hasValueSatisfying(why -> assertThat(why).contains("spool " + rig.spool));
            assertThat(receiver.status().spoolBytes()).isLessThan(Rig.FEW_BYTES + VaultedLog.SEGMENT);

            rig.far.cut(false);
            Rig.awaitShipped(receiver, primary());
            rig.assertVaultsHave(primary(), 1);
            assertThat(receiver.status().holes()).isEmpty();
        } finally {
            forget("unsteady");
        }
    }

    @Test
    void logThatTheServerRemoved_isAHoleInEveryVault_andTheReceptionGoesOnBehindIt() throws IOException {
        try (Rig rig = new Rig(directory, "lost")) {
            Lsn end;
            try (LogReceiver receiver = rig.receiver(primary()).build()) {
                receiver.start();
                fill(1);
                Rig.awaitShipped(receiver, primary());
                end = receiver.status().flushed();
            }
            primary().configure("max_slot_wal_keep_size", "1MB");
            for (int i = 0; i < 5; i++) {
                fill(1);
                primary().execute("SELECT pg_switch_wal()", "CHECKPOINT");
            }
            primary().await("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'lost'", "lost");
            primary().configure("max_slot_wal_keep_size", "1GB");
            try (LogReceiver again = rig.receiver(primary()).build()) {
                again.start();
                Rig.await(again, "a hole", status -> !status.holes().isEmpty());
                fill(1);
                Rig.awaitShipped(again, primary());
                assertThat(again.status().warnings()).anyMatch(each -> each.contains("given up slot lost"));
                for (Vault vault : rig.vaults()) {
                    List<Hole> holes = holes(vault);
                    assertThat(holes).hasSize(1);
                    assertThat(holes.get(0).from()).isGreaterThanOrEqualTo(end);
                    Lsn behind = holes.get(0).to();
                    assertThat(VaultedLog.pieces(vault, Rig.system(primary()), 1))
                            .containsKey(behind)
                            .allSatisfy((start, bytes) -> assertThat(start.plus(bytes.length)
                                                    .isAfter(holes.get(0).from())
                                            && start.isBefore(behind))
                                    .as("a piece at %s in the hole", start)
                                    .isFalse());
                }
            }
        } finally {
            primary().configure("max_slot_wal_keep_size", "1GB");
            forget("lost");
        }
    }

    @Test
    void backupThatWasTakenMeanwhile_isNotMadeUselessByTheHole() throws IOException {
        try (Rig rig = new Rig(directory, "away")) {
            try (LogReceiver receiver = rig.receiver(primary()).build()) {
                receiver.start();
                fill(1);
                Rig.awaitShipped(receiver, primary());
            }
            fill(1);
            primary().execute("SELECT pg_switch_wal()");
            fill(1);
            BackupRecord backup = backup(rig.near);
            primary().configure("max_slot_wal_keep_size", "1MB");
            for (int i = 0; i < 5; i++) {
                fill(1);
                primary().execute("SELECT pg_switch_wal()", "CHECKPOINT");
            }
            primary().await("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'away'", "lost");
            primary().configure("max_slot_wal_keep_size", "1GB");
            try (LogReceiver again = rig.receiver(primary()).build()) {
                again.start();
                Rig.await(again, "a hole", status -> !status.holes().isEmpty());
                Rig.awaitShipped(again, primary());
            }
            Lsn from = backup.start().segmentStart(backup.segmentSize());
            assertThat(holes(rig.far))
                    .as("what the other vault lacks")
                    .anyMatch(hole -> hole.from().isBefore(from) && hole.to().isAfter(backup.stop()));
            assertThat(holes(rig.near))
                    .as("what the backup's vault lacks, none of it the backup's log from %s to %s", from, backup.stop())
                    .isNotEmpty()
                    .noneMatch(hole ->
                            hole.from().isBefore(backup.stop()) && hole.to().isAfter(from));
        } finally {
            primary().configure("max_slot_wal_keep_size", "1GB");
            forget("away");
        }
    }

    private static BackupRecord backup(Vault vault) throws IOException {
        try (PostgresBackups backups = PostgresBackups.of(Rig.url(primary()), () -> Rig.login(primary()))
                .logPatience(Duration.ofMillis(1))
                .build(Runnable::run, System::nanoTime)) {
            backups.begin("meanwhile", vault);
            Progress progress = backups.poll("meanwhile", vault);
            assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.DONE);
            return Restored.record(
                    vault, java.util.Objects.requireNonNull(progress.results().get("record")));
        }
    }

    @Test
    void secondReceiverThatTookTheLeaseAndGaveUp_doesNotEndTheFirst() {
        Vault states = DirectoryVault.initialize("states", directory.resolve("states"));
        try (Rig rig = new Rig(directory.resolve("one"), "leased");
                Rig other = new Rig(directory.resolve("other"), "leased");
                LogReceiver first = rig.receiver(primary())
                        .state(VaultState.in(states, "state"))
                        .build()) {
            first.start();
            Rig.awaitLink(first, Link.STREAMING);
            try (LogReceiver second = other.receiver(primary())
                    .state(VaultState.in(states, "state"))
                    .patience(Duration.ZERO)
                    .build()) {
                second.start();
                Rig.awaitLink(second, Link.STOPPED);
                assertThat(second.status().failure()).contains(FailureKind.CONFLICT);
            }
            primary()
                    .query(
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'leased'");
            Lsn to = Rig.durable(primary());
            fill(1);
            Rig.await(
                    first,
                    "the log behind " + to,
                    status ->
                            status.link() == Link.STREAMING && status.flushed().isAfter(to));
        }
        forget("leased");
    }

    @Test
    void leaseThatAReceiverWithAnotherSlotTook_endsTheFirst() {
        Vault states = DirectoryVault.initialize("states", directory.resolve("states"));
        try (Rig rig = new Rig(directory.resolve("one"), "before");
                Rig other = new Rig(directory.resolve("other"), "after");
                LogReceiver first = rig.receiver(primary())
                        .state(VaultState.in(states, "state"))
                        .build();
                LogReceiver second = other.receiver(primary())
                        .state(VaultState.in(states, "state"))
                        .build()) {
            first.start();
            Rig.awaitLink(first, Link.STREAMING);
            second.start();
            Rig.awaitLink(second, Link.STREAMING);
            primary()
                    .query(
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'before'");
            Rig.awaitLink(first, Link.STOPPED);
            assertThat(first.status().failure()).contains(FailureKind.CONFLICT);
            assertThat(second.status().link()).isEqualTo(Link.STREAMING);
        }
        forget("before");
        forget("after");
    }

    @Test
    void wrongPassword_isDeniedInTheStatus_andNotRepeated() {
        Properties login = Rig.login(primary());
        login.setProperty("password", "s3cret-and-wrong");
        try (Rig rig = new Rig(directory, "denied");
                LogReceiver receiver = LogReceiver.of(Rig.url(primary()) + "?password=s3cret-too", login, rig.spool)
                        .vault(rig.near)
                        .state(rig.state)
                        .time(InstantSource.system(), System::nanoTime)
                        .build()) {
            receiver.start();
            Rig.await(receiver, "a refusal", status -> status.failure().equals(Optional.of(FailureKind.DENIED)));
            assertThat(receiver.status().toString() + receiver)
                    .contains("pg_hba.conf")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void secondReceiver_isRefused_andTheHolderIsNamed() {
        try (Rig rig = new Rig(directory.resolve("one"), "taken");
                Rig other = new Rig(directory.resolve("other"), "taken");
                LogReceiver first = rig.receiver(primary()).build()) {
            first.start();
            Rig.awaitLink(first, Link.STREAMING);

            try (LogReceiver sameLease =
                    other.receiver(primary()).state(rig.state).build()) {
                sameLease.start();
                Rig.awaitLink(sameLease, Link.STOPPED);
                assertThat(sameLease.status().failure()).contains(FailureKind.CONFLICT);
                assertThat(sameLease.status().error())
                        .hasValueSatisfying(why -> assertThat(why).contains("already has a writer", "process"));
            }
            try (LogReceiver sameSlot =
                    other.receiver(primary()).patience(Duration.ZERO).build()) {
                sameSlot.start();
                Rig.awaitLink(sameSlot, Link.STOPPED);
                assertThat(sameSlot.status().failure()).contains(FailureKind.CONFLICT);
                assertThat(sameSlot.status().error())
                        .hasValueSatisfying(why -> assertThat(why).contains("\"taken\" is active for PID"));
            }
            assertThat(first.status().link()).isEqualTo(Link.STREAMING);
        }
        forget("taken");
    }

    @Test
    void otherSystem_stopsTheReceiver_withBothNamed() {
        try (Rig rig = new Rig(directory, "stranger");
                LogReceiver receiver = rig.receiver(primary()).system("4711").build()) {
            receiver.start();
            Rig.awaitLink(receiver, Link.STOPPED);
            assertThat(receiver.status().error())
                    .hasValueSatisfying(why -> assertThat(why).contains(Rig.system(primary()), "expected 4711"));
            assertThat(primary().query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'stranger'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void spoolOfAnotherSystem_isNotMixedWithThisOne() {
        try (Rig rig = new Rig(directory, "mixed")) {
            try (Spool other = Spool.open(new LocalSpoolDisk(), rig.spool, new Signal())) {
                other.notes().belongsTo(new Lineage("4711", VaultedLog.SEGMENT));
            }
            try (LogReceiver receiver = rig.receiver(primary()).build()) {
                receiver.start();
                Rig.awaitLink(receiver, Link.STOPPED);
                assertThat(receiver.status().failure()).contains(FailureKind.CONFLICT);
                assertThat(receiver.status().error()).hasValueSatisfying(why -> assertThat(why)
                        .contains("the server belongs to system " + Rig.system(primary()), "expected 4711"));
            }
        }
    }

    @Test
    void fullDisk_isNamed_andTheReceptionGoesOnWithoutAGapWhenThereIsRoom() {
        CuttingDisk disk = new CuttingDisk(Seeds.of(1), Long.MAX_VALUE);
        try (Rig rig = new Rig(directory, "tight");
                LogReceiver receiver = rig.receiver(primary()).disk(disk).build()) {
            receiver.start();
            Rig.awaitLink(receiver, Link.STREAMING);
            disk.full(true);
            fill(1);
            Rig.awaitLink(receiver, Link.HELD);
            assertThat(receiver.status().error())
                    .hasValueSatisfying(why -> assertThat(why).contains(rig.spool.toString(), "No space left"));
            Lsn acknowledged = Lsn.parse(
                    primary().query("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'tight'"));
            assertThat(acknowledged).isLessThanOrEqualTo(receiver.status().flushed());
            disk.full(false);
            Rig.awaitShipped(receiver, primary());
            rig.assertVaultsHave(primary(), 1);
        } finally {
            forget("tight");
        }
    }

    @Test
    void diskThatFailsToForce_endsTheReceiverForGood() {
        CuttingDisk disk = new CuttingDisk(Seeds.of(1), Long.MAX_VALUE);
        try (Rig rig = new Rig(directory, "broken");
                LogReceiver receiver = rig.receiver(primary()).disk(disk).build()) {
            receiver.start();
            Rig.awaitLink(receiver, Link.STREAMING);
            disk.failToForce();
            fill(1);
            Rig.awaitLink(receiver, Link.STOPPED);
            assertThat(receiver.status().error())
                    .hasValueSatisfying(why -> assertThat(why).contains("making the log durable in the spool"));
        } finally {
            forget("broken");
        }
    }

    @Test
    void unboundedSlot_isRefused() {
        primary().configure("max_slot_wal_keep_size", "-1");
        try (Rig rig = new Rig(directory, "unbounded");
                LogReceiver receiver = rig.receiver(primary()).build()) {
            receiver.start();
            Rig.awaitLink(receiver, Link.STOPPED);
            assertThat(receiver.status().failure()).contains(FailureKind.MISCONFIGURED);
            assertThat(receiver.status().error())
                    .hasValueSatisfying(why -> assertThat(why).contains("max_slot_wal_keep_size is -1"));
        } finally {
            primary().configure("max_slot_wal_keep_size", "1GB");
        }
    }

    @Test
    void lostSpool_isMadeGoodFromTheVaults_withoutAGap() {
        try (Rig rig = new Rig(directory, "fresh")) {
            try (LogReceiver receiver = rig.receiver(primary()).build()) {
                receiver.start();
                fill(2);
                Rig.awaitShipped(receiver, primary());
            }
            fill(2);
            try (LogReceiver again = LogReceiver.of(
                            Rig.url(primary()), Rig.login(primary()), directory.resolve("another-spool"))
                    .vault(rig.near)
                    .vault(rig.far)
                    .state(rig.state)
                    .time(InstantSource.system(), System::nanoTime)
                    .slot("fresh")
                    .shipEvery(Duration.ofMillis(200))
                    .build()) {
                again.start();
                Rig.awaitShipped(again, primary());
                rig.assertVaultsHave(primary(), 1);
                assertThat(again.status().holes()).isEmpty();
            }
        }
        forget("fresh");
    }

    /** Writes about that many MiB of log. */
    private static void fill(int mebibytes) {
        primary()
                .execute(
                        "CREATE TABLE IF NOT EXISTS filler (t text)",
                        "ALTER TABLE filler ALTER t SET STORAGE EXTERNAL",
                        "INSERT INTO filler SELECT repeat(md5(i::text), 512) FROM generate_series(1, %d) i"
                                .formatted(mebibytes * 60));
    }

    private static void forget(String slot) {
        primary()
                .await(
                        "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '%s'".formatted(slot),
                        "0");
        primary()
                .execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(slot));
    }

    private static List<Hole> holes(Vault vault) throws IOException {
        List<String> names = new ArrayList<>();
        vault.list("", stored -> {
            if (stored.name().contains("/hole/")) {
                names.add(stored.name());
            }
        });
        List<Hole> holes = new ArrayList<>();
        for (String name : names) {
            try (var in = vault.open(name)) {
                holes.add(RecordJson.readHole(in.readAllBytes()));
            }
        }
        return holes;
    }
}
