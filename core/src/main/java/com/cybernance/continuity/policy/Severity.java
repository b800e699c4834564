package com.cybernance.continuity.policy;

/** Who is told when a clause is breached. It never changes a verdict. */
public enum Severity {
    /** Wakes a person. */
    PAGE,
    TICKET,
    NONE
}
