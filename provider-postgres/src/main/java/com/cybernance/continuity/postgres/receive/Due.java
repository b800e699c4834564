package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import java.util.List;
import java.util.Optional;

/**
 * What one vault lacks of the spool and gets next.
 *
 * @param piece a part of the stretch
 * @param whole whether it gets no longer by waiting
 */
record Due(Stretch stretch, Piece piece, boolean whole) {
    /**
     * The first of the spool that the vault has not and that is not under way to it.
     *
     * @param stretches in the order in which they were received
     * @param held what the vault has
     */
    static Optional<Due> first(List<Stretch> stretches, int segmentSize, Coverage held, Optional<Piece> underWay) {
        for (Stretch stretch : stretches) {
            Lsn from = firstMissing(stretch, held, underWay);
            if (from.isBefore(stretch.end())) {
                Lsn to = held.missingUntil(stretch.timeline(), from, stretch.end());
                boolean whole = !stretch.growing()
                        || to.isBefore(stretch.end())
                        || to.segmentStart(segmentSize).equals(to);
                return Optional.of(new Due(stretch, new Piece(stretch.timeline(), from, to), whole));
            }
        }
        return Optional.empty();
    }

    private static Lsn firstMissing(Stretch stretch, Coverage held, Optional<Piece> underWay) {
        Lsn from = held.firstMissing(stretch.timeline(), stretch.start());
        return underWay.filter(moving -> moving.timeline() == stretch.timeline()
                        && !moving.start().isAfter(from)
                        && moving.end().isAfter(from))
                .map(moving -> held.firstMissing(stretch.timeline(), moving.end()))
                .orElse(from);
    }
}
