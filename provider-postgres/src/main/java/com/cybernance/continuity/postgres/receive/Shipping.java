package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.wire.Identity;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lineage's lease, and one thread for each vault. They begin once it is known whose log it is. */
final class Shipping {
    /** A vault that takes longer to list is not waited for. */
    private static final Duration LISTING = Duration.ofSeconds(30);

    private final Terms terms;
    private final StateStore state;
    private final List<Vault> vaults;
    private final Signal signal;
    private final StatusBoard board;
    private final List<VaultShipper> shippers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private StateStore.@Nullable Writer lease;

    Shipping(Terms terms, StateStore state, List<Vault> vaults, Signal signal, StatusBoard board) {
        this.board = board;
        this.terms = terms;
        this.state = state;
        this.vaults = vaults;
        this.signal = signal;
    }

    /** Takes the lease unless it is held, and begins to ship unless that began. */
    synchronized void start(Spool spool) {
        if (lease != null) {
            return;
        }
        Lineage lineage = spool.notes().lineage();
        if (terms.spoolBytes() < 3L * lineage.segmentSize()) {
            throw new StopReceiving(
                    FailureKind.MISCONFIGURED,
                    "the spool may hold %d bytes, expected at least three segments of %d"
                            .formatted(terms.spoolBytes(), lineage.segmentSize()),
                    "allow it more");
        }
        try {
            lease = state.open(stream(lineage.system()));
        } catch (ContinuityException e) {
            throw e.kind() == FailureKind.CONFLICT
                    ? new StopReceiving(
                            FailureKind.CONFLICT,
                            "the log of system %s has a receiver already: %s"
                                    .formatted(lineage.system(), e.getMessage()),
                            "one receiver for each lineage; end the other one first",
                            e)
                    : e;
        }
        if (!threads.isEmpty()) {
            return;
        }
        Cluster cluster = new Cluster(lineage.system());
        for (Vault vault : vaults) {
            VaultShipper shipper = new VaultShipper(
                    vault,
                    cluster,
                    spool,
                    signal,
                    terms.shipEvery(),
                    terms.ticker(),
                    terms.clock(),
                    board::complete,
                    () -> prune(spool),
                    new Committing());
            Thread thread = new Thread(shipper, "continuity-log-to-" + vault.name());
            thread.setDaemon(true);
            shippers.add(shipper);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /** Writes down that a connection begins; a lease that was lost shows here. */
    synchronized void began(Identity server) {
        StateStore.Writer held = lease;
        if (held == null) {
            throw new IllegalStateException("no lease yet");
        }
        try {
            held.append(LeaseEntry.write(server, terms.slot(), terms.clock().instant()));
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.CONFLICT) {
                stopUnlessOurs(server, e);
            }
            // A writer that failed once fails for ever; the lease is taken anew before the next connection.
            lease = null;
            held.close();
            throw e;
        }
    }

    /**
     * Whoever took the lease for the slot that we want cannot receive while we do, so the slot decides who goes on. Two
     * primaries of one system have a slot of that name each: there the newer timeline decides.
     */
    private void stopUnlessOurs(Identity server, ContinuityException lost) {
        List<LeaseEntry> last = new ArrayList<>();
        state.replay(stream(server.system()), entry -> {
            last.clear();
            LeaseEntry.read(entry.payload()).ifPresent(last::add);
        });
        if (last.isEmpty() || !last.get(0).slot().equals(terms.slot())) {
            throw StopReceiving.of(lost);
        }
        if (last.get(0).timeline() > server.timeline()) {
            throw new StopReceiving(
                    FailureKind.CONFLICT,
                    "the log of system %s is received from timeline %d by another receiver, and the server here is on timeline %d"
                            .formatted(server.system(), last.get(0).timeline(), server.timeline()),
                    "this is a server that was replaced and still runs; end it, or give it a receiver, a spool and a"
                            + " vault of its own",
                    lost);
        }
    }

    private static String stream(String system) {
        return "pg-log-" + system;
    }

    /**
     * Where what we have ends: in the spool, or without one in the vaults. The one that is furthest back comes first: if
     * the server still has what it lacks, no vault is left with a gap.
     */
    List<Position> ends(Spool spool) throws InterruptedException {
        Optional<Position> end = spool.end();
        if (end.isPresent()) {
            return List.of(end.get());
        }
        List<VaultShipper> all = shippers();
        long until = terms.ticker().nanos() + LISTING.toNanos();
        while (terms.ticker().nanos() < until
                && all.stream()
                        .anyMatch(each ->
                                !each.listed() && each.progress().error().isEmpty())) {
            signal.awaitEnd(signal.seenEnds(), Duration.ofMillis(100));
        }
        if (all.stream().noneMatch(VaultShipper::listed)) {
            throw new ContinuityException(
                    FailureKind.UNREACHABLE,
                    "the spool %s is empty and no vault can be asked where the log ends: %s"
                            .formatted(
                                    terms.directory(),
                                    all.get(0).progress().error().orElse("no answer")),
                    "see what the vaults say; it is tried again");
        }
        return all.stream()
                .map(VaultShipper::newest)
                .flatMap(Optional::stream)
                .distinct()
                .sorted(Comparator.comparingInt(Position::timeline).thenComparing(Position::at))
                .toList();
    }

    Map<String, VaultProgress> progress() {
        Map<String, VaultProgress> progress = new LinkedHashMap<>();
        vaults.forEach(vault -> progress.put(vault.name(), VaultProgress.nothing()));
        shippers().forEach(shipper -> progress.put(shipper.name(), shipper.progress()));
        return progress;
    }

    /** Ships what is left, for at most the given time; then gives the lease back. */
    void close(Duration most) {
        shippers().forEach(VaultShipper::finish);
        long until = terms.ticker().nanos() + most.toNanos();
        boolean interrupted = false;
        List<Thread> running;
        synchronized (this) {
            running = List.copyOf(threads);
        }
        for (Thread thread : running) {
            interrupted |= !join(thread, until - terms.ticker().nanos());
        }
        for (Thread thread : running) {
            if (thread.isAlive()) {
                thread.interrupt();
                interrupted |= !join(thread, Duration.ofSeconds(2).toNanos());
            }
        }
        synchronized (this) {
            if (lease != null) {
                lease.close();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a thread's end; false when interrupted meanwhile. */
    static boolean join(Thread thread, long nanos) {
        try {
            thread.join(Math.max(1, nanos / 1_000_000));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private synchronized List<VaultShipper> shippers() {
        return List.copyOf(shippers);
    }

    private void prune(Spool spool) {
        prune(spool, shippers());
        signal.ended();
    }

    /** Gives up what every vault has. */
    static void prune(Spool spool, List<VaultShipper> all) {
        for (Stretch stretch : spool.stretches()) {
            if (!stretch.growing() && all.stream().allMatch(shipper -> shipper.has(stretch))) {
                spool.remove(stretch);
            }
        }
    }
}
