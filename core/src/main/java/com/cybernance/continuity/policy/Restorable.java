package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.List;

/**
 * What is kept can really be restored to a moment of choice; proven by a drill that restored and compared.
 *
 * @param drillAge how long ago the last drill that succeeded may be, inclusive
 */
public record Restorable(Duration drillAge) implements Objective {
    public Restorable {
        Figures.time("drill-age", drillAge);
    }

    @Override
    public String word() {
        return "restorable";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return Figures.longer("the age of the last drill", ((Restorable) before).drillAge, drillAge);
    }

    @Override
    public String toString() {
        return "a drill in the last %s restored to a chosen moment and found everything"
                .formatted(InWords.duration(drillAge));
    }
}
