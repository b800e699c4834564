package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.internal.time.SystemTime;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Pause;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The clocks of a run and its limits.
 *
 * @param clock stamps what is recorded
 * @param ticker measures how long it takes
 * @param pause waits between two polls
 * @param stepWithin how long one step may take, counted from where this process begins it
 * @param runWithin how long all steps and the comparison may take, counted from where this process takes the run up
 * @param pollMost the longest wait between two polls
 */
public record Timing(
        InstantSource clock, Ticker ticker, Pause pause, Duration stepWithin, Duration runWithin, Duration pollMost) {
    private static final Duration FIRST_POLL = Duration.ofMillis(20);

    public Timing {
        requireNonNull(clock, "clock");
        requireNonNull(ticker, "ticker");
        requireNonNull(pause, "pause");
        List<String> wrong = new ArrayList<>();
        longerThanZero("stepWithin", stepWithin, wrong);
        longerThanZero("runWithin", runWithin, wrong);
        longerThanZero("pollMost", pollMost, wrong);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    private static void longerThanZero(String name, Duration value, List<String> wrong) {
        if (value.isNegative() || value.isZero()) {
            wrong.add("%s is %s, not more than zero".formatted(name, value));
        }
    }

    /** The machine's own clocks; 6 hours for a step, 12 for a run, polled every second. */
    public static Timing system() {
        return new Timing(
                SystemTime.wall(),
                SystemTime.ticker(),
                SystemTime.pause(),
                Duration.ofHours(6),
                Duration.ofHours(12),
                Duration.ofSeconds(1));
    }

    /** Other clocks. */
    public Timing clocks(InstantSource wall, Ticker monotonic, Pause waits) {
        return new Timing(wall, monotonic, waits, stepWithin, runWithin, pollMost);
    }

    /** Other limits. */
    public Timing limits(Duration step, Duration run) {
        return new Timing(clock, ticker, pause, step, run, pollMost);
    }

    /** A deadline on the ticker, counted from now. */
    Deadline deadline(Duration within) {
        long began = ticker.nanos();
        return () -> {
            Duration left = within.minusNanos(ticker.nanos() - began);
            return left.isNegative() ? Duration.ZERO : left;
        };
    }

    /** The waits of one who polls: short at first, then twice as long each time, never beyond the deadline. */
    Waits waits(Deadline deadline) {
        return new Waits(deadline);
    }

    /** For one thread. */
    final class Waits {
        private final Deadline deadline;
        private Duration next = FIRST_POLL;

        private Waits(Deadline deadline) {
            this.deadline = deadline;
        }

        void await() throws InterruptedException {
            Duration left = deadline.remaining();
            Duration now = next.compareTo(pollMost) < 0 ? next : pollMost;
            next = now.multipliedBy(2);
            pause.pause(now.compareTo(left) < 0 ? now : left);
        }
    }
}
