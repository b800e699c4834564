package com.cybernance.continuity.examples.proof;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between looks. */
final class Rhythm {
    private final InstantSource clock;
    private final CountDownLatch never = new CountDownLatch(1);

    Rhythm(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    /** Waits until this long after the start; not at all if that is past. */
    void await(Instant start, Duration after) throws InterruptedException {
        long left = after.minus(since(start)).toMillis();
        if (left > 0 && never.await(left, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the latch that nobody counts down was counted down");
        }
    }
}
