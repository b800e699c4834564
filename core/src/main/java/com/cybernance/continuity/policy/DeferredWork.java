package com.cybernance.continuity.policy;

import java.util.List;

/** When the queue is lost, every job that waits or was lost is known by name. */
public record DeferredWork() implements Objective {
    @Override
    public String word() {
        return "deferred-work";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return List.of();
    }

    @Override
    public String toString() {
        return "when the queue is lost, every job that waits or was lost is known by name";
    }
}
