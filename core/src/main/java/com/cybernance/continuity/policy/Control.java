package com.cybernance.continuity.policy;

import java.util.Optional;

/**
 * A control of a catalogue such as ISO 27001 that a clause serves.
 *
 * @param id the catalogue's own id, for example {@code ISO-27001:A.8.13}
 * @param shows what a check of the clause can show about the control
 * @param reviewedBy who reviewed the mapping; a mapping that nobody reviewed is exported as proposed
 */
public record Control(String id, Shows shows, Optional<String> reviewedBy) {
    /** How much a check shows about a control. */
    public enum Shows {
        EXISTS,
        CONFIGURED,
        OPERATED,
        TESTED
    }
}
