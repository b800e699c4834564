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

    public boolean inForceOn(LocalDate day) {
        return !day.isBefore(from) && !day.isAfter(until);
    }
}
