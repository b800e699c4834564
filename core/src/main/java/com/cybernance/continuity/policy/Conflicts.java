package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What no policy may hold: clauses of the same name, waivers for nothing, two figures for one promise. */
final class Conflicts {
    private static final int LONGEST_OBJECTIVE = 200;

    private final List<Conflict> found = new ArrayList<>();
    private final IdentityHashMap<Clause, String> figures = new IdentityHashMap<>();

    private Conflicts() {}

    /**
     * One conflict.
     *
     * @param culprit the later one of the two that conflict: a {@link Clause} or a {@link Waiver}
     * @param message what conflicts, naming the clauses; made only when it is asked for
     */
    record Conflict(Object culprit, Supplier<String> message) {}

    static List<Conflict> among(List<Clause> clauses) {
        Conflicts conflicts = new Conflicts();
        conflicts.sameId(clauses);
        conflicts.twoFigures(clauses);
        conflicts.fewerThanPromised(clauses);
        return conflicts.found;
    }

    static List<Conflict> among(List<Waiver> waivers, Set<String> ids) {
        return waivers.stream()
                .filter(waiver -> !ids.contains(waiver.clause()))
                .map(waiver -> new Conflict(waiver, () -> "waiver: there is no clause %s; %s"
                        .formatted(Fields.cut(waiver.clause()), Suggestion.of(waiver.clause(), ids))))
                .toList();
    }

    private void sameId(List<Clause> clauses) {
        Set<String> seen = new HashSet<>();
        for (Clause clause : clauses) {
            if (!seen.add(clause.id())) {
                found.add(new Conflict(clause, () -> "clause %s: another clause has this id; give one of them another"
                        .formatted(clause.id())));
            }
        }
    }

    /** The same promise for the same sentence, about the same subject and judged by the same kind, twice. */
    private void twoFigures(List<Clause> clauses) {
        Map<String, Map<String, Clause>> first = new HashMap<>();
        for (Clause clause : clauses) {
            Map<String, Clause> bySentence = first.computeIfAbsent(promise(clause), promise -> new HashMap<>());
            firstWithOtherFigures(clause, bySentence).ifPresent(each -> found.add(otherFigures(clause, each)));
        }
    }

    /** The first sentence of the clause that is promised with other figures, and by which clause. */
    private static Optional<Map.Entry<String, Clause>> firstWithOtherFigures(
            Clause clause, Map<String, Clause> bySentence) {
        // A long objective is compared once with each other, however many sentences the two share.
        Set<Clause> agree = Collections.newSetFromMap(new IdentityHashMap<>());
        agree.add(clause);
        for (String sentence : clause.sentences()) {
            Clause other = bySentence.putIfAbsent(sentence, clause);
            if (other != null && agree.add(other) && !other.objective().equals(clause.objective())) {
                return Optional.of(Map.entry(sentence, other));
            }
        }
        return Optional.empty();
    }

    private Conflict otherFigures(Clause clause, Map.Entry<String, Clause> other) {
        return new Conflict(
                clause, () -> "clause %s: sentence %s is promised with other figures by clause %s (\"%s\" and \"%s\")"
                        .formatted(
                                clause.id(),
                                other.getKey(),
                                other.getValue().id(),
                                figures(clause),
                                figures(other.getValue())));
    }

    /** Made once for each clause: a long one may conflict with many. */
    private String figures(Clause clause) {
        return figures.computeIfAbsent(
                clause, each -> Fields.cut(each.objective().toString(), LONGEST_OBJECTIVE));
    }

    /** What a clause promises apart from its figures. A text, for it has an order: no choice of keys makes a map slow. */
    private static String promise(Clause clause) {
        // Two claims about different things are two promises, even for one sentence.
        String claim = clause.objective() instanceof Attested attested ? attested.what() : "";
        return String.join(
                "\n",
                clause.subject(),
                clause.objective().word(),
                clause.vendor().orElse(""),
                claim);
    }

    /** An inventory that would be content with fewer members of a kind than the groups of that name need. */
    private void fewerThanPromised(List<Clause> clauses) {
        Map<String, Clause> groups = new HashMap<>();
        for (Clause clause : clauses) {
            if (members(clause) > 0) {
                groups.merge(clause.subject(), clause, Conflicts::larger);
            }
        }
        for (Clause clause : clauses) {
            if (clause.objective() instanceof Inventory promised) {
                promised.atLeast().forEach((kind, count) -> Stream.of(kind, kind + "s")
                        .map(groups::get)
                        .filter(Objects::nonNull)
                        .reduce(Conflicts::larger)
                        .filter(group -> count < members(group))
                        .ifPresent(group -> found.add(fewer(clause, kind, count, group))));
            }
        }
    }

    private static Conflict fewer(Clause inventory, String kind, int count, Clause group) {
        return new Conflict(inventory, () -> "clause %s: promises %s, but clause %s needs %d"
                .formatted(inventory.id(), InWords.count(count, kind), group.id(), members(group)));
    }

    private static Clause larger(Clause one, Clause other) {
        return members(other) > members(one) ? other : one;
    }

    /** How many members the group of a clause needs, 0 if it is about no group. */
    private static int members(Clause clause) {
        if (clause.objective() instanceof Redundant redundant) {
            return redundant.instances();
        }
        return clause.objective() instanceof Standby standby ? standby.members() : 0;
    }
}
