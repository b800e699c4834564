package com.cybernance.continuity.policy;

import java.time.LocalDate;

/** Where a number in a clause comes from. */
public sealed interface NumberBasis {
    /** The policy document states it. */
    record Document() implements NumberBasis {
        @Override
        public String toString() {
            return "stated in the document";
        }
    }

    /**
     * The document does not state it; somebody chose it.
     *
     * @param by who chose it
     * @param on the day
     * @param why the reason in one sentence
     */
    record Adopted(String by, LocalDate on, String why) implements NumberBasis {
        @Override
        public String toString() {
            return "adopted by %s on %s: %s".formatted(by, on, why);
        }
    }
}
