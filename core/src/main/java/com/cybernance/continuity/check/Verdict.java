package com.cybernance.continuity.check;

import java.util.Collection;
import java.util.Comparator;

/** What became of a promise, from best to worst. */
public enum Verdict {
    /** Seen to hold, on evidence that is complete and fresh. */
    MET,
    /** Nobody can see it, and a named person vouches for it until a date. */
    ATTESTED,
    /** Could not look, or the evidence is too old. Never a pass. */
    UNKNOWN,
    /** Seen not to hold, or contradicted by arithmetic. */
    BREACHED;

    /** The worst of them; {@link #UNKNOWN} of none, because nothing seen is nothing known. */
    public static Verdict worst(Collection<Verdict> verdicts) {
        return verdicts.stream().max(Comparator.naturalOrder()).orElse(UNKNOWN);
    }
}
