package com.cybernance.continuity.policy;

import java.util.List;

/**
 * Something that a policy says and that cannot be so.
 *
 * @param clauses the ids of the clauses that it is about
 * @param what a sentence with the figures
 */
public record Contradiction(List<String> clauses, String what) {
    public Contradiction {
        clauses = List.copyOf(clauses);
    }

    @Override
    public String toString() {
        return String.join(" and ", clauses) + ": " + what;
    }
}
