package com.cybernance.continuity.spi;

import java.time.Duration;

/** The moment by which a look must have ended, on a clock that never goes back. May be read from any thread. */
@FunctionalInterface
public interface Deadline {
    /** What is left; zero when the time is up, never negative. */
    Duration remaining();
}
