package com.cybernance.continuity.policy;

import com.cybernance.continuity.policy.Conflicts.Conflict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was promised. Immutable.
 *
 * @param name what people call the document
 * @param clauses at least one, ids unique, in the order of the file
 * @param waivers what is silenced, by whom and until when
 * @param periodScale by what the periods that samples are taken from are divided, so that a rehearsal of minutes can
 *     stand for a day; empty when they are as they say. An estate that is no rehearsal refuses it
 */
public record Policy(String name, List<Clause> clauses, List<Waiver> waivers, Optional<Integer> periodScale) {
    /** The largest scale: a day in less than a tenth of a second. */
    public static final int MOST_SCALE = 1_000_000;

    /** @throws IllegalArgumentException with all reasons if the clauses and waivers cannot stand together */
    public Policy {
        clauses = List.copyOf(clauses);
        waivers = List.copyOf(waivers);
        periodScale.ifPresent(scale -> {
            Figures.atLeast("period-scale", scale, 2);
            Figures.atMost("period-scale", scale, MOST_SCALE);
        });
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

    /** A policy whose periods are as they say. */
    public Policy(String name, List<Clause> clauses, List<Waiver> waivers) {
        this(name, clauses, waivers, Optional.empty());
    }

    public static Policy of(Clause... clauses) {
        return new Policy("policy", List.of(clauses), List.of());
    }

    /**
     * The same promises for a rehearsal, with all periods divided. It has another digest, and no other estate takes it.
     *
     * @param scale from 2 to {@link #MOST_SCALE}
     */
    public Policy scaled(int scale) {
        return new Policy(name, clauses, waivers, Optional.of(scale));
    }

    /**
     * What identifies the policy wherever it was in force: 64 hexadecimal digits over everything that it says. The same
     * for every way to write the same policy; another one after any change.
     */
    public String digest() {
        return PolicyDigest.of(this);
    }
}
