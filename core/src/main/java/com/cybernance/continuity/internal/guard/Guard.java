package com.cybernance.continuity.internal.guard;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs looks so that whatever a provider does stays within its own target: it may hang, throw anything, or break the
 * contract, and always a sighting comes out. A facet that has not returned from its last look is not asked again, so a
 * hanging provider holds at most one thread for each facet. Thread-safe.
 */
public final class Guard {
    private final Executor executor;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Map<Key, PendingLook<?>> running = new ConcurrentHashMap<>();

    private record Key(TargetId target, Facet<?> facet) {}

    /**
     * @param executor runs the looks
     * @param clock stamps the sightings
     * @param ticker measures the time that is left
     */
    public Guard(Executor executor, InstantSource clock, Ticker ticker) {
        this.executor = executor;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Starts a look and returns at once, unless the executor runs it on this thread. A look that is still under way
     * within its time is joined, not repeated.
     *
     * @param id the target's id as it was when the target was bound
     */
    public <T> PendingLook<T> begin(Facet<T> facet, BackupTarget target, TargetId id, Duration within) {
        Instant at = clock.instant();
        PendingLook<T> look = new PendingLook<>(facet, target, id, at, ticker, within);
        Key key = new Key(id, facet);
        PendingLook<?> earlier = running.putIfAbsent(key, look);
        if (earlier != null && !earlier.overdue()) {
            return joined(earlier);
        }
        if (earlier != null) {
            return look.failed(
                    FailureKind.TIMED_OUT,
                    "the look that began at %s has not returned. Hint: the provider ignores its deadline"
                            .formatted(earlier.beganAt()));
        }
        look.whenEnded(() -> running.remove(key, look));
        try {
            executor.execute(look);
        } catch (RejectedExecutionException | OutOfMemoryError refused) {
            // Without a native thread left the JVM throws an OutOfMemoryError, with plenty of heap.
            running.remove(key, look);
            return look.failed(
                    FailureKind.THROTTLED, "the executor refused the look. Hint: give it more threads or a queue");
        }
        return look;
    }

    @SuppressWarnings("unchecked") // the key holds the facet, and the facet the type of its facts
    private static <T> PendingLook<T> joined(PendingLook<?> earlier) {
        return (PendingLook<T>) earlier;
    }

    /** The sighting of a look that could not be waited for. */
    static <T> Sighting<T> lost(Instant at, FailureKind kind, String why) {
        return Sighting.failed(at, Sink.ALL, kind, why);
    }
}
