package com.cybernance.continuity.internal.guard;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A look that is under way.
 *
 * @param <T> the facts that are seen
 */
public final class PendingLook<T> implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PendingLook.class);

    private final Instant at;
    private final long beganTick;
    private final Deadline deadline;
    private final RecordingSink<T> sink;
    private final FutureTask<Sighting<T>> task;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile @Nullable Sighting<T> instead;
    private volatile Runnable ended = () -> {};

    private enum State {
        WAITING,
        RUNNING,
        GIVEN_UP
    }

    PendingLook(Facet<T> facet, BackupTarget target, TargetId id, Instant at, Ticker ticker, Duration within) {
        this.at = at;
        this.beganTick = ticker.nanos();
        this.deadline = () -> {
            Duration left = within.minusNanos(ticker.nanos() - beganTick);
            return left.isNegative() ? Duration.ZERO : left;
        };
        this.sink = new RecordingSink<>(facet, id);
        this.task = new FutureTask<>(() -> look(facet, target, id));
    }

    /** When the look began, on the wall clock. */
    public Instant beganAt() {
        return at;
    }

    /** When the look began, on the ticker. */
    public long beganTick() {
        return beganTick;
    }

    /** Whether its time is up, so that nobody waits for it any more. */
    boolean overdue() {
        return deadline.remaining().isZero();
    }

    /** The action may run more than once. */
    void whenEnded(Runnable action) {
        ended = action;
    }

    PendingLook<T> failed(FailureKind kind, String why) {
        instead = Guard.lost(at, kind, why);
        return this;
    }

    @Override
    public void run() {
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
            return;
        }
        try {
            task.run();
        } finally {
            // A task that was cancelled before it began did not say so itself.
            ended.run();
        }
    }

    /**
     * Waits until the look has ended or its time is up. Several callers may wait for one look.
     *
     * @throws InterruptedException when the caller is interrupted; the look is then cancelled for all
     */
    public Sighting<T> await() throws InterruptedException {
        Sighting<T> already = instead;
        if (already != null) {
            return already;
        }
        try {
            return task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return giveUp(FailureKind.TIMED_OUT, "the look did not end within its deadline");
        } catch (InterruptedException interrupted) {
            giveUp(FailureKind.INTERRUPTED, "a caller who waited for the look was interrupted");
            throw interrupted;
        } catch (ExecutionException | CancellationException thrown) {
            Sighting<T> given = instead;
            return given != null
                    ? given
                    : Guard.lost(at, FailureKind.UNEXPECTED, "the look was cancelled from outside");
        }
    }

    private synchronized Sighting<T> giveUp(FailureKind kind, String why) {
        Sighting<T> given = instead;
        if (given != null) {
            return given;
        }
        boolean neverStarted = state.compareAndSet(State.WAITING, State.GIVEN_UP);
        Sighting<T> lost = neverStarted
                ? Guard.lost(at, kind, "the executor did not start the look in time. Hint: give it more threads")
                : sink.cutShort(at, kind, why + ". Hint: see whether the source hangs, or allow more time");
        instead = lost;
        task.cancel(true);
        if (neverStarted) {
            ended.run();
        }
        return lost;
    }

    private Sighting<T> look(Facet<T> facet, BackupTarget target, TargetId id) {
        sink.openFor(Thread.currentThread());
        try {
            facet.of(target)
                    .orElseThrow(() -> new IllegalStateException("the facet vanished"))
                    .look(deadline, sink);
            return sink.sighting(at);
        } catch (Throwable thrown) {
            // A provider's Error is its own: the host and the other targets must not fall with it.
            LOG.debug("look failed: target={} facet={} stack={}", id, facet, Failures.stack(thrown));
            return sink.cutShort(at, Failures.kind(thrown), Failures.words(thrown));
        } finally {
            sink.close();
            // Before anybody can have the answer: who then asks again must not be given it once more.
            ended.run();
        }
    }
}
