package com.cybernance.continuity.policy;

import java.util.List;

/** Changes leave for another place all the time, not only when a backup runs. */
public record Continuous() implements Objective {
    @Override
    public String word() {
        return "continuous";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return List.of();
    }

    @Override
    public String toString() {
        return "changes are copied to another place all the time, without a gap";
    }
}
