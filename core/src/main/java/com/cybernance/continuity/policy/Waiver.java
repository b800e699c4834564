package com.cybernance.continuity.policy;

import java.time.LocalDate;

/**
 * Silences the notification of one clause for a time. It never changes a verdict.
 *
 * @param clause the id of the clause
 * @param owner the person who answers for it
 * @param from the first day, inclusive
 * @param until the last day, inclusive; at most 90 days after the first
 */
public record Waiver(String clause, String owner, String reason, LocalDate from, LocalDate until) {
    /** The longest time that a waiver may run, in days. */
    public static final int MOST_DAYS = 90;

    public Waiver {
        Figures.text("clause", clause);
        Figures.text("owner", owner);
        Figures.text("reason", reason);
        if (until.isBefore(from)) {
            throw new IllegalArgumentException("until is %s: must not be before %s".formatted(until, from));
        }
        if (until.isAfter(from.plusDays(MOST_DAYS))) {
            throw new IllegalArgumentException("until is %s: must be at most %d days after %s, that is %s"
                    .formatted(until, MOST_DAYS, from, from.plusDays(MOST_DAYS)));
        }
    }

    public boolean inForceOn(LocalDate day) {
        return !day.isBefore(from) && !day.isAfter(until);
    }
}
