package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.spi.Ticker;
import com.cybernance.continuity.spi.Vault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Brings what the spool has to one vault, on a thread of its own. What the vault lacks is found in the vault itself, so
 * nothing that this process forgets can make it leave something out.
 */
final class VaultShipper implements Runnable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Vault vault;
    private final Spool spool;
    private final Signal signal;
    private final Duration shipEvery;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Supplier<Optional<PieceIndex.Complete>> complete;
    private final Runnable onShipped;
    private final PieceWriter writer;
    /** What the vault has, compared or committed; what is listed or under way does not count. */
    private final Coverage coverage = new Coverage();

    private final Committing committing;
    private final Holdings holdings;
    private final NoteShipper notes;
    private final Waiting waiting = new Waiting();
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private volatile boolean listed;
    private volatile boolean closing;
    private volatile VaultProgress progress;

    VaultShipper(
            Vault vault,
            Cluster cluster,
            Spool spool,
            Signal signal,
            Duration shipEvery,
            Ticker ticker,
            InstantSource clock,
            Supplier<Optional<PieceIndex.Complete>> complete,
            Runnable onShipped,
            Committing committing) {
        this.vault = vault;
        this.spool = spool;
        this.signal = signal;
        this.shipEvery = shipEvery;
        this.ticker = ticker;
        this.clock = clock;
        this.complete = complete;
        this.onShipped = onShipped;
        this.writer = new PieceWriter(vault, cluster, spool);
        this.holdings = new Holdings(vault, cluster, spool, writer, coverage);
        this.notes = new NoteShipper(cluster, spool, writer, holdings);
        this.committing = committing;
        this.progress = VaultProgress.nothing();
    }

    VaultProgress progress() {
        return progress;
    }

    String name() {
        return vault.name();
    }

    /** Whether the vault surely has all of a stretch. */
    boolean has(Stretch stretch) {
        return listed && coverage.covers(stretch.timeline(), stretch.start(), stretch.end());
    }

    /** What is left is shipped at once, then the thread ends. */
    void finish() {
        closing = true;
        signal.ended();
    }

    @Override
    public void run() {
        try {
            work();
        } finally {
            committing.abandon();
        }
    }

    private void work() {
        while (true) {
            long ends = signal.seenEnds();
            long more = signal.seen();
            try {
                boolean worked = step();
                if (!worked) {
                    backoff.worked();
                    if (closing) {
                        return;
                    }
                    await(ends, more);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ContinuityException e) {
                if (!goOn(e)) {
                    return;
                }
            } catch (RuntimeException e) {
                // A vault that breaks its contract must not end this thread silently.
                if (!goOn(new ContinuityException(
                        FailureKind.UNEXPECTED,
                        "vault %s failed: %s".formatted(vault.name(), e),
                        "report this to the vault's maker; it is tried again",
                        e))) {
                    return;
                }
            } catch (Error e) {
                progress(now -> now.failed("shipping ended: " + e, true));
                throw e;
            }
        }
    }

    private void await(long ends, long more) throws InterruptedException {
        Optional<Duration> left = waiting.left(shipEvery, ticker.nanos());
        if (left.isEmpty()) {
            signal.awaitMore(more, LONGEST_WAIT);
        } else {
            signal.awaitEnd(ends, left.get());
        }
    }

    /** Does one thing that is due; false when nothing is, and nothing is under way. */
    private boolean step() throws InterruptedException {
        if (!listed) {
            holdings.look();
            listed = true;
            onShipped.run();
        }
        notes.ship();
        long looked = ticker.nanos();
        List<Stretch> stretches = spool.stretches();
        Optional<Due> due =
                Due.first(stretches, spool.notes().lineage().segmentSize(), coverage, committing.underWay());
        if (due.isPresent()) {
            waiting.lacking(looked);
            if (due.get().whole() || closing || waitedEnough(looked)) {
                ship(due.get(), looked);
                return true;
            }
        }
        if (committing.underWay().isPresent()) {
            committing.settle();
            waiting.settled();
            backoff.worked();
            return true;
        }
        if (due.isEmpty()) {
            waiting.nothing();
            progress(now -> stretches.isEmpty() ? now.worked() : now.upTo(end(stretches)));
        }
        return false;
    }

    private boolean waitedEnough(long now) {
        return waiting.left(shipEvery, now)
                .filter(left -> left.isZero() || left.isNegative())
                .isPresent();
    }

    private static Position end(List<Stretch> stretches) {
        Stretch last = stretches.get(stretches.size() - 1);
        return new Position(last.timeline(), last.end());
    }

    /** Packs a piece while the one before is committed, and leaves it to be committed. */
    private void ship(Due due, long looked) throws InterruptedException {
        Piece piece = due.piece();
        PackedPiece packed = writer.pack(due.stretch(), piece, complete.get());
        boolean follows = committing.underWay().isPresent();
        committing.begin(piece, packed, () -> {
            coverage.add(piece.timeline(), piece.start(), piece.end());
            progress(now -> now.shipped(new Position(piece.timeline(), piece.end()), clock.instant()));
            onShipped.run();
        });
        if (follows) {
            // Only what was committed shows that the vault works.
            backoff.worked();
        }
        waiting.begun(looked);
    }

    private synchronized void progress(UnaryOperator<VaultProgress> change) {
        progress = change.apply(progress);
    }

    private boolean goOn(ContinuityException failure) {
        boolean ends = failure.kind() == FailureKind.CORRUPT;
        waiting.failed();
        committing.abandon();
        progress(now -> now.failed(String.valueOf(failure.getMessage()), ends));
        if (ends || closing) {
            return false;
        }
        try {
            pause(backoff.failed());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void pause(Duration time) throws InterruptedException {
        long until = ticker.nanos() + time.toNanos();
        for (long left = time.toNanos(); left > 0 && !closing; left = until - ticker.nanos()) {
            signal.awaitEnd(signal.seenEnds(), Duration.ofNanos(left));
        }
    }

    /** Where this vault stands among the newest of the log that it has. */
    Optional<Position> newest() {
        return listed ? holdings.newest() : Optional.empty();
    }

    boolean listed() {
        return listed;
    }
}
