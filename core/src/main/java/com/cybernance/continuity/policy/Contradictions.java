package com.cybernance.continuity.policy;

import java.util.List;

/** x. */
public final class Contradictions {
    private Contradictions() {}

    /** x. */
    public static List<Contradiction> in(Policy p) {
        return List.of();
    }
}
