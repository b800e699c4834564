package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One life of a receiver, without its server: takes over a log that is at hand, makes it durable, ships it and gives up
 * what the vault has. Taking over and shipping take turns, so that the same is shipped each time; what the shipper does on
 * threads of its own, reading beside packing, storing and committing, comes in an order that may differ.
 */
final class ShippedLife {
    private static final int MOST_ATTEMPTS = 4;

    private final SpoolDisk disk;
    private final MortalVault vault;
    private final Path directory;
    private final Lineage lineage;
    private final Lsn start;
    private final byte[] log;
    private final Supplier<Committing> committing;
    private long acknowledged;

    /**
     * @param start where the log begins
     * @param committing how pieces are committed, once for each process
     */
    ShippedLife(
            SpoolDisk disk,
            MortalVault vault,
            Path directory,
            Lineage lineage,
            Lsn start,
            byte[] log,
            Supplier<Committing> committing) {
        this.disk = disk;
        this.vault = vault;
        this.directory = directory;
        this.lineage = lineage;
        this.start = start;
        this.log = log;
        this.committing = committing;
    }

    /** How many bytes of the log the server would have been told to be durable. */
    long acknowledged() {
        return acknowledged;
    }

    /**
     * Goes on to the log's end, over whatever fails alone, as the receiver does.
     *
     * @throws ContinuityException when the life ends, because everything fails
     */
    void live(Seeds seeds) {
        for (int attempt = 1; ; attempt++) {
            try {
                once(seeds);
                return;
            } catch (ContinuityException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** One process. A failure that the receiver goes on after is gone on after. */
    private void once(Seeds seeds) {
        Signal signal = new Signal();
        try (Spool spool = Spool.open(disk, directory, signal)) {
            spool.notes().belongsTo(lineage);
            List<VaultShipper> shippers = new ArrayList<>();
            VaultShipper shipper = new VaultShipper(
                    vault,
                    new Cluster(lineage.system()),
                    spool,
                    signal,
                    Duration.ofSeconds(10),
                    () -> 0,
                    () -> Instant.EPOCH,
                    Optional::empty,
                    () -> Shipping.prune(spool, shippers),
                    committing.get());
            shippers.add(shipper);
            shipper.finish();
            ship(shipper);
            // As Shipping#ends: without a spool it goes on where the vault ends, and the server hears that.
            Position from = spool.end().or(shipper::newest).orElse(new Position(1, start));
            acknowledged = Math.max(acknowledged, from.at().minus(start));
            receive(seeds, spool, shipper, from);
            ship(shipper);
        }
    }

    private void receive(Seeds seeds, Spool spool, VaultShipper shipper, Position from) {
        int failures = 0;
        spool.begin(from);
        for (int at = (int) from.at().minus(start); at < log.length; ) {
            int length = Math.min(log.length - at, seeds.between(1, 1 + log.length / 8));
            try {
                spool.append(log, at, length);
                at += length;
                if (seeds.chance(70) || at == log.length) {
                    spool.force();
                    acknowledged = Math.max(acknowledged, at);
                }
            } catch (StopReceiving e) {
                throw e;
            } catch (ContinuityException e) {
                if (++failures == MOST_ATTEMPTS) {
                    throw e;
                }
                spool.settle();
                Position end = spool.end().orElse(from);
                at = (int) end.at().minus(start);
                spool.begin(end);
            }
            if (seeds.chance(40)) {
                ship(shipper);
            }
        }
    }

    /** The thread ends at its first failure because it was told to finish; it is begun again, as its loop would. */
    private static void ship(VaultShipper shipper) {
        shipper.run();
        for (int attempt = 1;
                attempt < MOST_ATTEMPTS && shipper.progress().error().isPresent();
                attempt++) {
            shipper.run();
        }
    }
}
