package com.cybernance.continuity.postgres.layout;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Where and when a transaction committed, as its commit record says.
 *
 * @param at the commit's time by the server's clock, in whole microseconds
 * @param start where the record begins
 * @param end where the next one may begin: the record's exclusive end, rounded up to 8 bytes
 */
public record CommitMark(Instant at, Lsn start, Lsn end) {
    public CommitMark {
        requireNonNull(at, "at");
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("a commit record from %s to %s".formatted(start, end));
        }
    }
}
