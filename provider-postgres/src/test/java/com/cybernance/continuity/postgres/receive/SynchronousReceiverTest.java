package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Commits wait for a standby and for the receiver. Whatever is killed in whatever order, what was acknowledged is in what
 * the receiver had made durable, before it may ask the server again.
 */
@Isolated("starts processes that need the machine's time")
class SynchronousReceiverTest {
    private static final String SLOT = "second_sync";

    @TempDir
    @SuppressWarnings("NullAway.Init") // made before the test
    Path directory;

    @Test
    void everyAcknowledgedCommit_isInTheReceivedLog_whoeverIsKilled() throws IOException {
        int rounds = Seeds.runs(100) < 100 ? 2 : 100;
        Seeds seeds = Seeds.of(System.nanoTime());
        System.out.printf("%s, %d rounds%n", seeds, rounds);
        DirectoryVault near = DirectoryVault.initialize("near", directory.resolve("near"));
        Files.createDirectories(directory.resolve("state"));
        try (PostgresPair pair = PostgresPair.start()) {
            PostgresServer primary = pair.primary();
            primary.configure("max_slot_wal_keep_size", "4GB");
            Received received = new Received(new Cluster(Rig.system(primary)), near, directory.resolve("spool"));
            Process receiver = LogReceiverProcess.start(primary, SLOT, directory);
            try (Load load = new Load(primary, 4)) {
                primary.await(
                        "SELECT count(*) FROM pg_stat_replication WHERE application_name = '%s' AND state = 'streaming'"
                                .formatted(SLOT),
                        "1");
                primary.configure("synchronous_standby_names", "FIRST 2 (standby_b, %s)".formatted(SLOT));
                Rig.await(() -> "a receiver that commits wait for", () -> primary.query(
                                "SELECT sync_state FROM pg_stat_replication WHERE application_name = '%s'"
                                        .formatted(SLOT))
                        .equals("sync"));
                int before = load.acknowledged().size();
                for (int round = 1; round <= rounds; round++) {
                    int known = before;
                    Rig.await(
                            () -> "commits that are acknowledged; " + output(),
                            () -> load.acknowledged().size() > known + 50);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(seeds.between(0, 300)));
                    kill(seeds, primary, receiver);
                    List<Long> acknowledged = load.acknowledged();
                    before = acknowledged.size();
                    received.read();
                    assertThat(received.transactions())
                            .as("%s, round %d, after %d acknowledged", seeds, round, before)
                            .containsAll(acknowledged.subList(received.checked(), before));
                    received.check(before);
                    primary.start();
                    receiver = LogReceiverProcess.start(primary, SLOT, directory);
                }
                primary.configure("synchronous_standby_names", "FIRST 1 (standby_b)");
            } finally {
                receiver.destroyForcibly();
            }
        }
    }

    /** In the end both are dead, in an order that chance decides. */
    private static void kill(Seeds seeds, PostgresServer primary, Process receiver) {
        boolean receiverFirst = seeds.chance(50);
        if (receiverFirst) {
            end(receiver);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(seeds.between(0, 100)));
        }
        primary.kill();
        if (!receiverFirst) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(seeds.between(0, 20)));
            end(receiver);
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

    private String output() {
        try {
            return Files.readString(directory.resolve("receiver.out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What the receiver has, read on from where the last round ended. */
    private static final class Received {
        private final Cluster cluster;
        private final DirectoryVault vault;
        private final Path spool;
        private final Set<Long> transactions = new HashSet<>();
        private @Nullable LogReader reader;
        private int checked;

        Received(Cluster cluster, DirectoryVault vault, Path spool) {
            this.cluster = cluster;
            this.vault = vault;
            this.spool = spool;
        }

        Set<Long> transactions() {
            return transactions;
        }

        /** How many acknowledged commits earlier rounds have checked. */
        int checked() {
            return checked;
        }

        void check(int upTo) {
            checked = upTo;
        }

        void read() throws IOException {
            List<Piece> pieces = new ArrayList<>();
            vault.list(
                    cluster.log(1), stored -> Piece.of(cluster, stored.name()).ifPresent(pieces::add));
            try (Spool open = Spool.open(new LocalSpoolDisk(), spool, new Signal())) {
                List<Stretch> stretches = open.stretches();
                LogReader reading = reader;
                if (reading == null) {
                    Lsn first = pieces.isEmpty()
                            ? stretches.get(0).start()
                            : pieces.get(0).start();
                    reading = LogReader.anywhere(
                            cluster, VaultedLog.SEGMENT, 1, first, commit -> transactions.add(commit.xid()));
                    reader = reading;
                }
                for (byte[] next = next(open, pieces, reading.position());
                        next.length > 0;
                        next = next(open, pieces, reading.position())) {
                    reading.feed(next);
                    assertThat(reading.stop().reason())
                            .as(reading.stop().toString())
                            .isEqualTo(LogStop.Reason.END_OF_DATA);
                }
                assertThat(reading.position())
                        .isEqualTo(open.end().orElseThrow().at());
            }
        }

        private byte[] next(Spool open, List<Piece> pieces, Lsn from) throws IOException {
            for (Stretch stretch : open.stretches()) {
                if (!from.isBefore(stretch.start()) && from.isBefore(stretch.end())) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    open.copy(stretch, from, stretch.end(), bytes);
                    return bytes.toByteArray();
                }
            }
            for (Piece piece : pieces) {
                if (!from.isBefore(piece.start()) && from.isBefore(piece.end())) {
                    try (InputStream in = new ZstdInputStream(vault.open(piece.object(cluster)))) {
                        in.skipNBytes(from.minus(piece.start()));
                        return in.readAllBytes();
                    }
                }
            }
            return new byte[0];
        }
    }
}
