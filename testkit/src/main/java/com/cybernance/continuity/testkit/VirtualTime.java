package com.cybernance.continuity.testkit;

import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A wall clock and a ticker that stand still until a test moves them. Thread-safe.
 *
 * <p>The two can be moved apart, as they do on a real machine when somebody sets the clock.
 */
public final class VirtualTime implements InstantSource, Ticker {
    private Instant wall;
    private long nanos;

    private VirtualTime(Instant start) {
        wall = start;
    }

    /** Time that stands at the moment; the ticker begins at zero. */
    public static VirtualTime at(Instant start) {
        return new VirtualTime(start);
    }

    /** As above, with an ISO moment such as {@code 2026-11-23T02:00:00Z}. */
    public static VirtualTime at(String start) {
        return at(Instant.parse(start));
    }

    @Override
    public synchronized Instant instant() {
        return wall;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    /**
     * Lets time pass, on the wall and on the ticker.
     *
     * @param by how much, not negative: time never goes back by itself
     */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException(
                    "time cannot pass by %s. Hint: stepWallClock sets the wall clock back".formatted(by));
        }
        nanos = Math.addExact(nanos, by.toNanos());
        wall = wall.plus(by);
    }

    /**
     * Sets the wall clock forward or back, as an operator or a time server does. The ticker stays.
     *
     * @param by negative to set it back
     */
    public synchronized void stepWallClock(Duration by) {
        wall = wall.plus(by);
    }

    /** A deadline on the ticker, counted from now. */
    public Deadline deadline(Duration within) {
        long end = Math.addExact(nanos(), within.toNanos());
        return () -> Duration.ofNanos(Math.max(0, end - nanos()));
    }

    @Override
    public synchronized String toString() {
        return "virtual time %s".formatted(wall);
    }
}
