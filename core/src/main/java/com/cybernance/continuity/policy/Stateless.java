package com.cybernance.continuity.policy;

import java.util.List;

/** No member holds anything beyond its image: any of them can be lost or replaced at any moment. */
public record Stateless() implements Objective {
    @Override
    public String word() {
        return "stateless";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return List.of();
    }

    @Override
    public String toString() {
        return "no member holds anything but the code that it runs";
    }
}
