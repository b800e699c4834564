package com.cybernance.continuity.postgres.layout;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A range of the log that can no longer be had.
 *
 * @param timeline at least 1
 * @param from where it begins, inclusive
 * @param to where it ends, exclusive
 * @param why in words
 * @param noticedAt when it was noticed
 */
public record Hole(int timeline, Lsn from, Lsn to, String why, Instant noticedAt) {
    public Hole {
        requireNonNull(why, "why");
        requireNonNull(noticedAt, "noticedAt");
        if (timeline < 1 || !from.isBefore(to)) {
            throw new IllegalArgumentException("no hole: timeline %d, from %s to %s".formatted(timeline, from, to));
        }
    }
}
