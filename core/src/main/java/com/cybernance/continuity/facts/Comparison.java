package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was restored, beside what should have been.
 *
 * @param reached the moment of the last thing that was brought back, by the resource's own clock; empty when not known
 * @param position the position reached, in the resource's notation; {@code ""} when not known
 * @param checks each check that was to run
 */
public record Comparison(Optional<Instant> reached, String position, List<Check> checks) {
    public Comparison {
        requireNonNull(reached, "reached");
        requireNonNull(position, "position");
        checks = List.copyOf(checks);
    }

    /** Whether there were checks and all of them passed. */
    public boolean passed() {
        return !checks.isEmpty() && checks.stream().allMatch(each -> each.outcome() == Outcome.PASSED);
    }

    /**
     * One check.
     *
     * @param name what was compared
     * @param outcome what came of it
     * @param detail observed against expected
     */
    public record Check(String name, Outcome outcome, String detail) {
        public Check {
            requireNonNull(name, "name");
            requireNonNull(outcome, "outcome");
            requireNonNull(detail, "detail");
        }
    }

    /** What came of a check. */
    public enum Outcome {
        PASSED,
        FAILED,
        /** It did not run, so it says nothing. */
        COULD_NOT_RUN
    }
}
