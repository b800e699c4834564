package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.internal.words.InWords;
import java.util.ArrayList;
import java.util.List;

/**
 * Several copies exist that are not all lost together.
 *
 * @param count the least number of copies, at least 2
 * @param elsewhere how many copies must outlive the loss of any one place, at least 1 and fewer than {@code count}
 * @param apartIn the factor that makes a place
 */
public record Copies(int count, int elsewhere, Factor apartIn) implements Objective {
    public Copies {
        Figures.atLeast("count", count, 2);
        Figures.atLeast("elsewhere", elsewhere, 1);
        if (elsewhere >= count) {
            throw new IllegalArgumentException("elsewhere is %d of %s: must be fewer than count"
                    .formatted(elsewhere, InWords.count(count, "copy")));
        }
    }

    @Override
    public String word() {
        return "copies";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Copies old = (Copies) before;
        List<String> weaker = new ArrayList<>(Figures.fewer("the number of copies", old.count, count));
        weaker.addAll(Figures.fewer("the number of copies elsewhere", old.elsewhere, elsewhere));
        weaker.addAll(Figures.other("what sets copies apart", old.apartIn, apartIn));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        return "at least %s exist, and at least %d of them %s the loss of any one %s"
                .formatted(
                        InWords.count(count, "copy"),
                        elsewhere,
                        elsewhere == 1 ? "outlives" : "outlive",
                        apartIn.word());
    }
}
