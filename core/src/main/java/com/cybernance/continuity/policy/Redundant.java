package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.internal.words.InWords;
import java.util.ArrayList;
import java.util.List;

/**
 * Enough members serve in enough places that losing any one place goes unnoticed, by people who are logged in too.
 *
 * @param instances the least number of members that serve, at least as many as places
 * @param places the least number of places that they serve from, at least 2
 * @param apartIn the factor that makes a place
 */
public record Redundant(int instances, int places, Factor apartIn) implements Objective {
    public Redundant {
        Figures.atLeast("places", places, 2);
        if (places > instances) {
            throw new IllegalArgumentException("places is %d for %s: must be at most instances"
                    .formatted(places, InWords.count(instances, "instance")));
        }
    }

    @Override
    public String word() {
        return "redundant";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Redundant old = (Redundant) before;
        List<String> weaker = new ArrayList<>(Figures.fewer("the number of members", old.instances, instances));
        weaker.addAll(Figures.fewer("the number of places", old.places, places));
        weaker.addAll(Figures.other("what makes a place", old.apartIn, apartIn));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        return "at least %s serve from at least %d places, each another %s; losing any one place loses no session"
                .formatted(InWords.count(instances, "member"), places, apartIn.word());
    }
}
