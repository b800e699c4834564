package com.cybernance.continuity.policy;

import java.util.List;

/**
 * A group of which another member takes over when one fails.
 *
 * @param members the least number of members, at least 2
 */
public record Standby(int members) implements Objective {
    public Standby {
        Figures.atLeast("members", members, 2);
    }

    @Override
    public String word() {
        return "standby";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return Figures.fewer("the number of members", ((Standby) before).members, members);
    }

    @Override
    public String toString() {
        return "at least %d members are set up so that another takes over when one fails".formatted(members);
    }
}
