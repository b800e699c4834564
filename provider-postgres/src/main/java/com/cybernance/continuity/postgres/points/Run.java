package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.Lsn;

/**
 * The part of a piece that a way through the log takes.
 *
 * @param from inclusive
 * @param to exclusive
 */
record Run(Held held, Lsn from, Lsn to) {
    int timeline() {
        return held.piece().timeline();
    }
}
