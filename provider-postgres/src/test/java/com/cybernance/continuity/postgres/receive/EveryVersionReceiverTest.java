package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part of the bar alone: the other tests run on the version of the class path. */
@Tag("bar")
class EveryVersionReceiverTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // made before each test
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 18})
    void log_isReceivedOverACrash_aLostSlot_andAPromotion(int major) {
        PostgresBinaries binaries = PostgresBinaries.ofJar(
                Path.of(System.getProperty("continuity.postgres.servers"), "postgres-%d.jar".formatted(major)));
        try (PostgresPair pair = PostgresPair.start(binaries);
                Rig rig = new Rig(directory, "versions")) {
            PostgresServer primary = pair.primary();
            PostgresServer standby = pair.standby();
            primary.configure("max_slot_wal_keep_size", "1GB");
            standby.configure("max_slot_wal_keep_size", "1GB");
            standby.configure("synchronous_standby_names", "");
            String system = Rig.system(primary);
            try (LogReceiver receiver =
                    rig.receiver(primary).server(Rig.url(standby)).build()) {
                receiver.start();
                fill(primary);
                Rig.awaitShipped(receiver, primary);
                primary.kill();
                primary.start();
                fill(primary);
                Rig.awaitShipped(receiver, primary);
                rig.assertVaultsHave(primary, 1);
                rig.assertIndexesAreRight(system);
                primary.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                        + " WHERE slot_name = 'versions'");
                Rig.awaitLink(receiver, Link.STREAMING);
                fill(primary);
                Rig.awaitShipped(receiver, primary);
                primary.kill();
                assertThat(standby.query("SELECT pg_promote(true, 30)::text")).isEqualTo("true");
                Rig.await(receiver, "timeline 2", status -> status.timeline().orElse(0) == 2);
                fill(standby);
                Rig.awaitShipped(receiver, standby);
                rig.assertVaultsHave(standby, 2);
                assertThat(receiver.status().holes()).isEmpty();
            }
            receiverAfterALostSlot(rig, standby);
        }
    }

    private static void receiverAfterALostSlot(Rig rig, PostgresServer server) {
        server.configure("max_slot_wal_keep_size", "1MB");
        for (int i = 0; i < 5; i++) {
            fill(server);
            server.execute("SELECT pg_switch_wal()", "CHECKPOINT");
        }
        server.await("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'versions'", "lost");
        server.configure("max_slot_wal_keep_size", "1GB");
        try (LogReceiver receiver = rig.receiver(server).build()) {
            receiver.start();
            Rig.await(receiver, "a hole", status -> !status.holes().isEmpty());
            fill(server);
            Rig.awaitShipped(receiver, server);
        }
    }

    private static void fill(PostgresServer server) {
        server.execute("INSERT INTO ledger (payload) SELECT repeat(md5(i::text), 20) FROM generate_series(1, 1000) i");
    }
}
