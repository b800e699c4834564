package com.cybernance.continuity.facts;

import java.util.Locale;

/** What two copies or replicas may share, and so lose together. */
public enum Factor {
    PROVIDER,
    ACCOUNT,
    REGION,
    DATA_CENTRE,
    HOST,
    CREDENTIAL,
    ENCRYPTION_KEY,
    OPERATOR,
    TOOL,
    HAZARD;

    /** The factor as policy files write it, for example {@code data-centre}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The factor as a sentence writes it, for example {@code data centre}. */
    public String inProse() {
        return word().replace('-', ' ');
    }
}
