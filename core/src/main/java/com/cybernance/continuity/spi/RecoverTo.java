package com.cybernance.continuity.spi;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a restore ends. Exactly one of the two is given, or neither: then it ends with the last thing that is kept.
 *
 * @param moment everything that was committed up to it, inclusive, by the resource's own clock
 * @param position a position of the resource's own, in its notation
 */
public record RecoverTo(Optional<Instant> moment, Optional<String> position) {
    public RecoverTo {
        requireNonNull(moment, "moment");
        requireNonNull(position, "position");
        if (moment.isPresent() && position.isPresent()) {
            throw new IllegalArgumentException("both a moment and a position to recover to");
        }
    }

    public static RecoverTo moment(Instant inclusive) {
        return new RecoverTo(Optional.of(inclusive), Optional.empty());
    }

    public static RecoverTo position(String inclusive) {
        return new RecoverTo(Optional.empty(), Optional.of(inclusive));
    }

    /** The last thing that is kept. */
    public static RecoverTo latest() {
        return new RecoverTo(Optional.empty(), Optional.empty());
    }

    @Override
    public String toString() {
        return moment.map(Instant::toString)
                .or(() -> position.map(where -> "position " + where))
                .orElse("the latest");
    }
}
