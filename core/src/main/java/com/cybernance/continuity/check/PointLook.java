package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is remembered of one look at restore points that brought an answer.
 *
 * @param at when it began, on the wall clock
 * @param tick the same on the ticker, in nanoseconds
 * @param whole whether everything was enumerated and nothing was hidden
 * @param newest one for each resource and place with a complete copy
 */
public record PointLook(Instant at, long tick, boolean whole, List<Newest> newest) {
    public PointLook {
        newest = List.copyOf(newest);
    }

    Stream<Newest> of(ResourceId resource) {
        return newest.stream().filter(each -> each.resource().equals(resource));
    }

    /** How long after this look another moment was, on the clock that shows more: one may be set back, one may sleep. */
    Duration most(Instant wall, long ticks) {
        Duration byWall = Duration.between(at, wall);
        Duration byTicks = Duration.ofNanos(ticks - tick);
        return byWall.compareTo(byTicks) > 0 ? byWall : byTicks;
    }

    /** The same on the clock that shows less, never below zero. */
    Duration least(Instant wall, long ticks) {
        Duration byWall = Duration.between(at, wall);
        Duration byTicks = Duration.ofNanos(ticks - tick);
        Duration less = byWall.compareTo(byTicks) < 0 ? byWall : byTicks;
        return less.isNegative() ? Duration.ZERO : less;
    }
}
