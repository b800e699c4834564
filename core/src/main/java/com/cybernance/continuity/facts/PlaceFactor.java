package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * One factor of a place, and how we know it.
 *
 * @param factor what kind of thing is shared
 * @param value its name, for example {@code eu-central-1a}; compared exactly
 * @param basis whether somebody declared it or a look observed it
 * @param by who declared it, or what observed it, in words for a report
 */
public record PlaceFactor(Factor factor, String value, Basis basis, String by) {
    /** How a factor came to be known. */
    public enum Basis {
        DECLARED,
        OBSERVED
    }

    public PlaceFactor {
        requireNonNull(factor, "factor");
        requireNonNull(value, "value");
        requireNonNull(basis, "basis");
        requireNonNull(by, "by");
        if (value.isBlank() || by.isBlank()) {
            throw new IllegalArgumentException(
                    "a place's %s needs a value and who says so, got '%s' by '%s'".formatted(factor.word(), value, by));
        }
    }
}
