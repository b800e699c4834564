package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.spi.Facet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which places survive the loss of the source: those that surely differ from the place of each of its servers in all of
 * the factors.
 */
record Elsewhere(Set<Factor> factors, List<Place> servers) {
    /**
     * Empty when factors are asked for and nobody ever showed where the servers are. The last answer counts however old
     * it is: servers do not move by themselves, and what a vault holds is judged from the vault's own evidence.
     */
    static Optional<Elsewhere> of(Set<Factor> factors, Question question) {
        List<Place> servers = question.subject().known().stream()
                .filter(each -> each.facet() == Facet.REPLICATION)
                .flatMap(each -> each.answer().stream())
                .flatMap(answer -> answer.found().stream())
                .map(fact -> ((ReplicaState) fact).place())
                .toList();
        return factors.isEmpty() || !servers.isEmpty()
                ? Optional.of(new Elsewhere(factors, servers))
                : Optional.empty();
    }

    /** What to say when {@link #of} is empty. */
    static Opinion unknown(Question question, List<Known<?>> used) {
        return new Opinion(
                Verdict.UNKNOWN,
                "restore points, but not where their source is",
                List.of("no target of '%s' shows where its servers are, so nobody can tell what survives them"
                        .formatted(question.subject().name())),
                "a target that offers ReplicationSource with places",
                used);
    }

    boolean survives(Place place) {
        return factors.stream().allMatch(factor -> servers.stream().allMatch(home -> place.apartFrom(home, factor)));
    }

    /** {@code " in another data centre than its servers"}; empty when any place will do. */
    String inWords() {
        return factors.isEmpty()
                ? ""
                : " in another "
                        + factors.stream().map(Factor::inProse).sorted().collect(Collectors.joining(" and another "))
                        + " than its servers";
    }

    /** The place as a report names it. */
    String name(Place place) {
        List<Factor> named = factors.isEmpty()
                ? place.factors().stream()
                        .map(each -> each.factor())
                        .distinct()
                        .sorted()
                        .toList()
                : factors.stream().sorted().toList();
        return named.isEmpty()
                ? "a place of which nothing is known"
                : named.stream()
                        .map(factor -> factor.inProse() + " " + String.join(" or ", place.values(factor)))
                        .collect(Collectors.joining(", "));
    }
}
