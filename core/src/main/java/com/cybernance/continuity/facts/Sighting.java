package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What one look at one facet of one target brought. A look that failed is a sighting too: one that found nothing,
 * completed nothing and says why.
 *
 * @param at when the look began, on the wall clock of the looking process
 * @param found the facts, in the order in which they were reported
 * @param blind what could not be seen
 * @param complete the scopes of which everything was seen
 * @param asked the questions that were put to the outside
 * @param <T> the facts that are seen
 */
public record Sighting<T>(Instant at, List<T> found, List<Blind> blind, Set<String> complete, List<Observation> asked) {
    public Sighting {
        requireNonNull(at, "at");
        found = List.copyOf(found);
        blind = List.copyOf(blind);
        complete = Set.copyOf(complete);
        asked = List.copyOf(asked);
    }

    /** A look that brought nothing. */
    public static <T> Sighting<T> failed(Instant at, String scope, FailureKind kind, String why) {
        return new Sighting<>(at, List.of(), List.of(new Blind(scope, kind, why)), Set.of(), List.of());
    }

    /** Whether no answer came at all, so that what was known before is neither confirmed nor refuted. */
    public boolean silent() {
        return found.isEmpty()
                && complete.isEmpty()
                && !blind.isEmpty()
                && blind.stream().allMatch(each -> each.kind().silence());
    }
}
