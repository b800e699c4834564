package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A restore that was done on purpose, and what it measured.
 *
 * @param run which run of which plan
 * @param resource what was restored
 * @param point the restore point that it started from
 * @param copy the copy of it that was used
 * @param asked where it was to end, in words
 * @param askedMoment the moment that was asked for; empty for another end
 * @param started when the first step began
 * @param ended when the comparison ended, or the run failed
 * @param rta how long it took until the restored resource answered; empty when it never did
 * @param comparison what was compared; without checks when it came to none
 * @param failure why the run failed; empty when it reached the comparison
 */
public record DrillRecord(
        String run,
        ResourceId resource,
        String point,
        String copy,
        String asked,
        Optional<Instant> askedMoment,
        Instant started,
        Instant ended,
        Optional<Duration> rta,
        Comparison comparison,
        Optional<String> failure) {
    public DrillRecord {
        requireNonNull(run, "run");
        requireNonNull(resource, "resource");
        requireNonNull(point, "point");
        requireNonNull(copy, "copy");
        requireNonNull(asked, "asked");
        requireNonNull(askedMoment, "askedMoment");
        requireNonNull(started, "started");
        requireNonNull(ended, "ended");
        requireNonNull(rta, "rta");
        requireNonNull(comparison, "comparison");
        requireNonNull(failure, "failure");
    }

    /** Whether it was restored and everything compared was found as it should be. */
    public boolean passed() {
        return failure.isEmpty() && comparison.passed();
    }
}
