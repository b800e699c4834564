package com.cybernance.continuity.policy;

import java.util.List;

/**
 * What was promised. Immutable.
 *
 * @param name what people call the document
 * @param clauses at least one, ids unique, in the order of the file
 * @param waivers what is silenced, by whom and until when
 */
public record Policy(String name, List<Clause> clauses, List<Waiver> waivers) {
    public Policy {
        clauses = List.copyOf(clauses);
        waivers = List.copyOf(waivers);
    }

    /** x. */
    public String digest() {
        return "";
    }

    public static Policy of(Clause... clauses) {
        return new Policy("policy", List.of(clauses), List.of());
    }
}
