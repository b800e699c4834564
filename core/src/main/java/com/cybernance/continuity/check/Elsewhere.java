package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.spi.Facet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which places survive the loss of the source: those that surely differ from the place of each of its servers in all of
 * the factors.
 */
record Elsewhere(Set<Factor> factors, List<ReplicaState> servers) {
    /**
     * Empty when factors are asked for and nobody ever showed where the servers are. The last answer counts however old
     * it is: servers do not move by themselves, and what a vault holds is judged from the vault's own evidence.
     */
    static Optional<Elsewhere> of(Set<Factor> factors, Question question) {
        List<ReplicaState> servers = question.subject().known().stream()
                .filter(each -> each.facet() == Facet.REPLICATION)
                .flatMap(each -> each.answer().stream())
                .flatMap(answer -> answer.found().stream())
                .map(fact -> (ReplicaState) fact)
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
        return factors.stream()
                .allMatch(factor -> servers.stream().allMatch(home -> place.apartFrom(home.place(), factor)));
    }

    /** Why no copy of a resource counts: none is elsewhere, or it would be if somebody said where one of its servers is. */
    String noCopy(ResourceId resource, Collection<Place> copies) {
        return inTheWay(copies)
                .map(server ->
                        "no copy of %s is known to be%s: nobody says where %s is, so it counts as beside every copy"
                                .formatted(resource.member(), inWords(), server))
                .orElseGet(() -> "%s has no copy%s".formatted(resource.member(), inWords()));
    }

    /** What to do about {@link #noCopy}. */
    String remedy(String copyElsewhere, Collection<Place> copies) {
        return inTheWay(copies)
                .map(server -> "declare the place of %s, or disconnect it if it is none of ours".formatted(server))
                .orElse(copyElsewhere);
    }

    /** A server of unknown place, without which some copy would be elsewhere. */
    Optional<String> inTheWay(Collection<Place> copies) {
        List<ReplicaState> unplaced = servers.stream()
                .filter(server -> factors.stream()
                        .anyMatch(factor -> server.place().values(factor).isEmpty()))
                .toList();
        Elsewhere placed = new Elsewhere(
                factors,
                servers.stream().filter(each -> !unplaced.contains(each)).toList());
        return copies.stream().anyMatch(placed::survives)
                ? unplaced.stream().map(server -> server.id().member()).findFirst()
                : Optional.empty();
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
