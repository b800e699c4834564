package com.cybernance.continuity.policy;

import java.util.List;
import java.util.Set;

/**
 * A new member can be made when every member and its place are gone.
 *
 * @param from what it is made from, each kept apart from the members, for example {@code server-image}, {@code code} and
 *     {@code deployment-mechanism}; at least one, none twice
 */
public record Rebuildable(List<String> from) implements Objective {
    public Rebuildable {
        from = List.copyOf(from);
        Figures.some("from", from);
        from.forEach(each -> Figures.text("an entry of from", each));
        if (Set.copyOf(from).size() < from.size()) {
            throw new IllegalArgumentException("from is %s: names one of them twice".formatted(from));
        }
    }

    @Override
    public String word() {
        return "rebuildable";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return Figures.dropped("what a member is made from", ((Rebuildable) before).from, from);
    }

    @Override
    public String toString() {
        return "when every member is gone, a new one can be made from copies of " + String.join(", ", from);
    }
}
