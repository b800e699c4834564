package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.FailureKind;

/**
 * An object of a vault that is not as it should be. Nothing rests on it; what does not need it stays usable.
 *
 * @param object its name
 * @param kind what sort of defect
 * @param what observed against expected
 */
public record Defect(String object, FailureKind kind, String what) {
    @Override
    public String toString() {
        return "%s: %s".formatted(object, what);
    }
}
