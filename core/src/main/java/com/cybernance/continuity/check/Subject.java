package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known about the subject of a clause: the evidence of every facet that its targets offer.
 *
 * @param name the word that clauses use
 * @param targets what is bound to it; empty when nothing is
 * @param known one for each facet that a target offers
 * @param lastInventory of every kind, the most members that the last complete inventories held
 * @param clientDownFor how long clients have been without an acknowledged write, counted from the first look that saw
 *     it; empty when the last probe wrote, or none was tried
 * @param histories of the looks at restore points, one for each target that offers them
 * @param drilled what the log of drills holds
 */
public record Subject(
        String name,
        List<TargetId> targets,
        List<Known<?>> known,
        Map<String, Integer> lastInventory,
        Optional<Duration> clientDownFor,
        List<PointHistory> histories,
        Drilled drilled) {
    public Subject {
        targets = List.copyOf(targets);
        known = List.copyOf(known);
        lastInventory = Map.copyOf(lastInventory);
        histories = List.copyOf(histories);
    }

    /** A subject that no target is bound to. */
    public static Subject unbound(String name) {
        return new Subject(
                name,
                List.of(),
                List.of(),
                Map.of(),
                Optional.empty(),
                List.of(),
                Drilled.unread("no target is bound, so no drill could be run"));
    }

    /** What is remembered of a target's restore points; nothing when no look is. */
    PointHistory history(TargetId target) {
        return histories.stream()
                .filter(each -> each.target().equals(target))
                .findFirst()
                .orElseGet(() -> new PointHistory(target, List.of(), Set.of(), Instant.EPOCH, 0));
    }

    /** One entry for each target that offers the facet, cut down to what is fresh enough. */
    <T> List<Seen<T>> seen(Facet<T> facet, Duration mostAge) {
        return known.stream()
                .filter(each -> each.facet() == facet)
                .map(each -> this.<T>as(each).seen(mostAge))
                .toList();
    }

    @SuppressWarnings("unchecked") // the facet is a singleton that carries the type of its facts
    private <T> Known<T> as(Known<?> untyped) {
        return (Known<T>) untyped;
    }
}
