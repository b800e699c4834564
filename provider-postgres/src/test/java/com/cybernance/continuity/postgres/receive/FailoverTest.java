package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.VaultState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailoverTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // made before each test
    Path directory;

    @Test
    void promotedStandby_isFollowedFromTheEndOfTheOldTimeline_andTheReplacedServerIsRefused() throws IOException {
        try (PostgresPair pair = PostgresPair.start();
                Rig rig = new Rig(directory, "mover")) {
            PostgresServer old = pair.primary();
            PostgresServer next = pair.standby();
            old.configure("max_slot_wal_keep_size", "1GB");
            next.configure("max_slot_wal_keep_size", "1GB");
            next.configure("synchronous_standby_names", "");
            String system = Rig.system(old);
            try (LogReceiver receiver = rig.receiver(old).server(Rig.url(next)).build()) {
                receiver.start();
                Rig.awaitLink(receiver, Link.STREAMING);
                try (Load load = new Load(old, 2)) {
                    Rig.await(() -> "some load", () -> load.acknowledged().size() > 50);
                    old.kill();
                }
                assertThat(next.query("SELECT pg_promote(true, 30)::text")).isEqualTo("true");
                next.execute("INSERT INTO ledger (payload) SELECT 'after' FROM generate_series(1, 1000)");
                Rig.await(receiver, "timeline 2", status -> status.timeline().orElse(0) == 2);
                Rig.awaitShipped(receiver, next);

                byte[] history = Files.readAllBytes(next.dataDirectory().resolve("pg_wal/00000002.history"));
                assertThat(rig.content(new Cluster(system).history(2))).isEqualTo(history);
                Lsn switched = Ancestry.parse(2, history).leftAt(1).orElseThrow();
                assertThat(VaultedLog.of(rig.far, system, 1).end())
                        .as("the old timeline is there up to where it was left")
                        .isGreaterThanOrEqualTo(switched);
                VaultedLog before = VaultedLog.of(rig.near, system, 1);
                VaultedLog after = VaultedLog.of(rig.near, system, 2);
                after.assertSameAs(next.dataDirectory());
                assertThat(after.start()).isEqualTo(switched.segmentStart(VaultedLog.SEGMENT));
                assertThat(after.copy(after.start(), switched))
                        .as("what both timelines have in common")
                        .isEqualTo(before.copy(after.start(), switched));
                assertThat(receiver.status().holes()).isEmpty();
            }
            old.start();
            old.execute("SELECT pg_drop_replication_slot('mover')");
            try (LogReceiver stray = rig.receiver(old).patience(Duration.ZERO).build()) {
                stray.start();
                Rig.awaitLink(stray, Link.STOPPED);
                assertThat(stray.status().failure()).contains(FailureKind.CONFLICT);
                assertThat(stray.status().error()).hasValueSatisfying(why -> assertThat(why)
                        .contains("server is on timeline 1, and timeline 2 was received"));
            }
            assertThat(old.query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'mover'"))
                    .as("slots that hold the replaced server's log for nobody")
                    .isEqualTo("0");
        }
    }

    @Test
    void twoPrimariesWithASlotOfOneName_doNotTakeTheLeaseFromEachOtherForEver_theNewerTimelineGoesOn() {
        Vault states = DirectoryVault.initialize("states", directory.resolve("states"));
        try (PostgresPair pair = PostgresPair.start();
                Rig before = new Rig(directory.resolve("before"), "torn");
                Rig after = new Rig(directory.resolve("after"), "torn")) {
            PostgresServer old = pair.primary();
            PostgresServer next = pair.standby();
            old.configure("max_slot_wal_keep_size", "1GB");
            next.configure("max_slot_wal_keep_size", "1GB");
            next.configure("synchronous_standby_names", "");
            try (LogReceiver ofOld = before.receiver(old)
                            .state(VaultState.in(states, "state"))
                            .build();
                    LogReceiver ofNext = after.receiver(next)
                            .state(VaultState.in(states, "state"))
                            .build()) {
                ofOld.start();
                Rig.awaitLink(ofOld, Link.STREAMING);
                assertThat(next.query("SELECT pg_promote(true, 30)::text")).isEqualTo("true");
                ofNext.start();
                Rig.awaitLink(ofNext, Link.STREAMING);

                old.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'torn'");
                Rig.awaitLink(ofOld, Link.STOPPED);
                assertThat(ofOld.status().failure()).contains(FailureKind.CONFLICT);
                assertThat(ofOld.status().error()).hasValueSatisfying(why -> assertThat(why)
                        .contains("from timeline 2 by another receiver, and the server here is on timeline 1"));

                next.query(
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'torn'");
                next.execute("INSERT INTO ledger (payload) SELECT 'after' FROM generate_series(1, 1000)");
                Rig.awaitShipped(ofNext, next);
            }
        }
    }
}
