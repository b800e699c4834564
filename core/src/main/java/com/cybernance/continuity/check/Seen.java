package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.spi.Sink;
import java.util.List;
import java.util.Set;

/**
 * The part of the evidence that is fresh enough to judge from, and what is missing from it.
 *
 * @param known where it comes from
 * @param facts what was found; empty when the evidence is too old
 * @param complete the scopes of which everything was seen
 * @param gaps why something is not known, in words
 */
record Seen<T>(Known<T> known, List<T> facts, Set<String> complete, List<String> gaps) {
    static <T> Seen<T> nothing(Known<T> known, String why) {
        return new Seen<>(known, List.of(), Set.of(), List.of(source(known) + ": " + why));
    }

    static <T> Seen<T> fresh(Known<T> known, Sighting<T> answer) {
        List<String> gaps = answer.blind().stream()
                .map(Blind::toString)
                .map(gap -> source(known) + ": " + gap)
                .toList();
        return new Seen<>(known, answer.found(), answer.complete(), gaps);
    }

    /** Whether everything in the scope was seen. */
    boolean whole(String scope) {
        return complete.contains(scope) || complete.contains(Sink.ALL);
    }

    /**
     * Whether all there is was seen, for a facet of one scope for each place: no scope is missing that any look has
     * completed before, and nothing is hidden.
     */
    boolean all(Set<String> completedBefore) {
        return gaps.isEmpty() && (whole(Sink.ALL) || (!complete.isEmpty() && complete.containsAll(completedBefore)));
    }

    /** Why not all there is was seen. */
    String notAll(Set<String> completedBefore) {
        return completedBefore.stream()
                .filter(each -> !complete.contains(each))
                .sorted()
                .findFirst()
                .filter(each -> gaps.isEmpty())
                .map("%s: an earlier look saw all of '%%s', this one did not".formatted(source(known))::formatted)
                .orElseGet(() -> missing(Sink.ALL));
    }

    /** Why the scope is not whole, in words. */
    String missing(String scope) {
        return gaps.isEmpty()
                ? "%s: the look never said that it saw all of '%s'".formatted(source(known), scope)
                : String.join("; ", gaps);
    }

    private static String source(Known<?> known) {
        return "%s of %s".formatted(known.facet(), known.target());
    }
}
