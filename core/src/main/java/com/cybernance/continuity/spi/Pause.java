package com.cybernance.continuity.spi;

import java.time.Duration;

/** Waits, so that a test can let the time pass instead. Thread-safe. */
@FunctionalInterface
public interface Pause {
    /**
     * Returns when the time is over.
     *
     * @param time not negative
     * @throws InterruptedException when the calling thread is interrupted, or whoever owns the wait has ended it
     */
    void pause(Duration time) throws InterruptedException;
}
