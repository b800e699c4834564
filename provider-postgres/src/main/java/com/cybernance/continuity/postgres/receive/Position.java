package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;

/** A place in the log of one timeline. */
record Position(int timeline, Lsn at) {
    @Override
    public String toString() {
        return "%s on timeline %d".formatted(at, timeline);
    }
}
