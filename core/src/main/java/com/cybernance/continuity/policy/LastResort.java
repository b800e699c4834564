package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import java.util.List;
import java.util.Set;

/**
 * A copy that no disaster of the others can reach, read back at the place where it lies.
 *
 * @param sharesNo the factors that it shares with no other copy; at least one
 */
public record LastResort(Set<Factor> sharesNo) implements Objective {
    public LastResort {
        sharesNo = Set.copyOf(sharesNo);
        Figures.some("shares-no", sharesNo);
    }

    @Override
    public String word() {
        return "last-resort";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return Figures.dropped("shares-no", Figures.words(((LastResort) before).sharesNo), Figures.words(sharesNo));
    }

    @Override
    public String toString() {
        return "a copy that shares no %s with any other copy can be read back where it lies"
                .formatted(String.join(", no ", Figures.words(sharesNo)));
    }
}
