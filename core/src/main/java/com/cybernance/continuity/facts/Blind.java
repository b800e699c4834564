package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * Something that a look could not see.
 *
 * @param scope what stayed hidden
 * @param kind why
 * @param why in words: observed against expected, with a hint
 */
public record Blind(String scope, FailureKind kind, String why) {
    private static final String EVERYTHING = "all";

    public Blind {
        requireNonNull(scope, "scope");
        requireNonNull(kind, "kind");
        requireNonNull(why, "why");
    }

    @Override
    public String toString() {
        return scope.equals(EVERYTHING) ? why : "%s hidden: %s".formatted(scope, why);
    }
}
