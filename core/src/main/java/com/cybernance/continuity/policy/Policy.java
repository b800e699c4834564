package com.cybernance.continuity.policy;

import com.cybernance.continuity.policy.Conflicts.Conflict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was promised. Immutable.
 *
 * @param name what people call the document
 * @param clauses at least one, ids unique, in the order of the file
 * @param waivers what is silenced, by whom and until when
 */
public record Policy(String name, List<Clause> clauses, List<Waiver> waivers) {
    /** @throws IllegalArgumentException with all reasons if the clauses and waivers cannot stand together */
    public Policy {
        clauses = List.copyOf(clauses);
        waivers = List.copyOf(waivers);
        if (clauses.isEmpty()) {
            throw new IllegalArgumentException("policy %s has no clause: a policy has at least one".formatted(name));
        }
        List<Conflict> conflicts = new ArrayList<>(Conflicts.among(clauses));
        conflicts.addAll(Conflicts.among(
                waivers, clauses.stream().map(Clause::id).collect(Collectors.toCollection(TreeSet::new))));
        if (!conflicts.isEmpty()) {
            throw new IllegalArgumentException("policy %s contradicts itself: %s"
                    .formatted(
                            name,
                            conflicts.stream().map(each -> each.message().get()).collect(Collectors.joining("; "))));
        }
    }

    public static Policy of(Clause... clauses) {
        return new Policy("policy", List.of(clauses), List.of());
    }

    /**
     * What identifies the policy wherever it was in force: 64 hexadecimal digits over everything that it says. The same
     * for every way to write the same policy; another one after any change.
     */
    public String digest() {
        return PolicyDigest.of(this);
    }
}
