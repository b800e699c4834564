package com.cybernance.continuity.policy;

import java.util.Locale;

/** Who is told when a clause is breached. It never changes a verdict. */
public enum Severity {
    /** Wakes a person. */
    PAGE,
    TICKET,
    NONE;

    /** The severity as policy files write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
