package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a replica is behind its primary at one stage (write, flush or replay). Empty means not known, which is not
 * zero: many engines report no time at all once a system is idle.
 *
 * @param bytes log bytes that the replica has not reached at this stage, never negative
 * @param time how long ago the primary was where the replica is now
 */
public record Lag(OptionalLong bytes, Optional<Duration> time) {
    public static final Lag UNKNOWN = new Lag(OptionalLong.empty(), Optional.empty());

    public Lag {
        requireNonNull(bytes, "bytes");
        requireNonNull(time, "time");
        if (bytes.isPresent() && bytes.getAsLong() < 0) {
            throw new IllegalArgumentException("lag of %d bytes is negative".formatted(bytes.getAsLong()));
        }
        if (time.isPresent() && time.get().isNegative()) {
            throw new IllegalArgumentException("lag of %s is negative".formatted(time.get()));
        }
    }

    public static Lag ofBytes(long bytes) {
        return new Lag(OptionalLong.of(bytes), Optional.empty());
    }

    public Lag withTime(Duration behind) {
        return new Lag(bytes, Optional.of(behind));
    }
}
