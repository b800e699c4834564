package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The looks at the restore points of one target, as far back as they are remembered.
 *
 * @param looks those that brought an answer, oldest first
 * @param scopes all that any look completed
 * @param now the moment of the judgement, on the wall clock
 * @param tick the same on the ticker, in nanoseconds
 */
public record PointHistory(TargetId target, List<PointLook> looks, Set<String> scopes, Instant now, long tick) {
    public PointHistory {
        scopes = Set.copyOf(scopes);
        looks = List.copyOf(looks);
    }

    /** Every resource that some look found, in the order of their names. */
    Set<ResourceId> resources() {
        Set<ResourceId> all = new TreeSet<>(Comparator.comparing(ResourceId::toString));
        looks.forEach(look -> look.newest().forEach(each -> all.add(each.resource())));
        return all;
    }

    /** How old a look is at most. */
    Duration most(PointLook look) {
        return look.most(now, tick);
    }

    /** How old a look is at least. */
    Duration least(PointLook look) {
        return look.least(now, tick);
    }
}
