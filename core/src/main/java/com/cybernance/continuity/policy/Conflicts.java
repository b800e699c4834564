package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** What no policy may hold: clauses of the same name, waivers for nothing, two figures for one promise. */
final class Conflicts {
    private final List<Conflict> found = new ArrayList<>();

    private Conflicts() {}

    /**
     * One conflict.
     *
     * @param culprit the later one of the two that conflict: a {@link Clause} or a {@link Waiver}
     * @param message what conflicts, naming the clauses
     */
    record Conflict(Object culprit, String message) {}

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
                .map(waiver -> new Conflict(
                        waiver,
                        "waiver: there is no clause %s; %s"
                                .formatted(Fields.cut(waiver.clause()), Suggestion.of(waiver.clause(), ids))))
                .toList();
    }

    private void sameId(List<Clause> clauses) {
        Set<String> seen = new HashSet<>();
        for (Clause clause : clauses) {
            if (!seen.add(clause.id())) {
                found.add(new Conflict(
                        clause,
                        "clause %s: another clause has this id; give one of them another".formatted(clause.id())));
            }
        }
    }

    /** The same promise for the same sentence, about the same subject and judged by the same kind, twice. */
    private void twoFigures(List<Clause> clauses) {
        Map<List<Object>, Clause> first = new HashMap<>();
        for (Clause clause : clauses) {
            for (String sentence : clause.sentences()) {
                Clause other = first.putIfAbsent(promise(clause, sentence), clause);
                if (other != null && !other.objective().equals(clause.objective())) {
                    found.add(new Conflict(
                            clause,
                            "clause %s: sentence %s is promised with other figures by clause %s (\"%s\" and \"%s\")"
                                    .formatted(
                                            clause.id(), sentence, other.id(), clause.objective(), other.objective())));
                    break;
                }
            }
        }
    }

    private static List<Object> promise(Clause clause, String sentence) {
        // Two claims about different things are two promises, even for one sentence.
        String claim = clause.objective() instanceof Attested attested ? attested.what() : "";
        return List.of(clause.subject(), clause.objective().word(), claim, clause.vendor(), sentence);
    }

    /** An inventory that would be content with fewer members of a kind than the group of that name needs. */
    private void fewerThanPromised(List<Clause> clauses) {
        for (Clause group : clauses) {
            OptionalInt members = members(group.objective());
            for (Clause inventory : clauses) {
                if (members.isPresent() && inventory.objective() instanceof Inventory promised) {
                    promised.atLeast().forEach((kind, count) -> {
                        if (names(kind, group.subject()) && count < members.getAsInt()) {
                            found.add(fewer(inventory, kind, count, group, members.getAsInt()));
                        }
                    });
                }
            }
        }
    }

    private static Conflict fewer(Clause inventory, String kind, int count, Clause group, int members) {
        return new Conflict(
                inventory,
                "clause %s: promises %s, but clause %s needs %d"
                        .formatted(inventory.id(), InWords.count(count, kind), group.id(), members));
    }

    private static OptionalInt members(Objective objective) {
        if (objective instanceof Redundant redundant) {
            return OptionalInt.of(redundant.instances());
        }
        return objective instanceof Standby standby ? OptionalInt.of(standby.members()) : OptionalInt.empty();
    }

    private static boolean names(String kind, String subject) {
        return subject.equals(kind) || subject.equals(kind + "s");
    }
}
