package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.util.ArrayList;
import java.util.List;

/**
 * Which part of a range of the log is in a vault.
 *
 * @param gaps what is missing of it, in order
 * @param pieces those that have something of it, in the order of their names
 * @param flowing whether any piece reaches into the range or behind it, as when somebody receives the log
 */
record LogCoverage(List<Gap> gaps, List<Piece> pieces, boolean flowing) {
    LogCoverage {
        pieces = List.copyOf(pieces);
        gaps = List.copyOf(gaps);
    }

    /** A part that is missing: from the first position (inclusive) to the second (exclusive). */
    record Gap(Lsn from, Lsn to) {}

    /** A piece that is not within one segment is none, and is passed over as every reader does. */
    static LogCoverage of(Vault vault, Cluster cluster, int timeline, int segmentSize, Lsn from, Lsn to) {
        Walk walk = new Walk(segmentSize, from, to);
        vault.list(cluster.log(timeline), stored -> walk.see(cluster, stored));
        return walk.end();
    }

    boolean whole() {
        return gaps.isEmpty();
    }

    /** Pieces come in the order of their names, which is that of their first positions. */
    private static final class Walk {
        private final int segmentSize;
        private final Lsn to;
        private final Lsn from;
        private final List<Gap> gaps = new ArrayList<>();
        private final List<Piece> pieces = new ArrayList<>();
        private Lsn covered;
        private boolean flowing;

        Walk(int segmentSize, Lsn from, Lsn to) {
            this.segmentSize = segmentSize;
            this.from = from;
            this.covered = from;
            this.to = to;
        }

        void see(Cluster cluster, Stored stored) {
            Piece.of(cluster, stored.name()).filter(this::inOneSegment).ifPresent(piece -> {
                if (piece.start().isBefore(to) && piece.end().isAfter(from)) {
                    pieces.add(piece);
                }
                see(piece);
            });
        }

        private boolean inOneSegment(Piece piece) {
            return piece.end()
                    .plus(-1)
                    .segmentStart(segmentSize)
                    .equals(piece.start().segmentStart(segmentSize));
        }

        private void see(Piece piece) {
            if (!piece.end().isAfter(covered)) {
                return;
            }
            flowing = true;
            if (covered.isBefore(to) && piece.start().isAfter(covered)) {
                gaps.add(new Gap(covered, Lsn.earlier(piece.start(), to)));
            }
            covered = piece.end();
        }

        LogCoverage end() {
            if (covered.isBefore(to)) {
                gaps.add(new Gap(covered, to));
            }
            return new LogCoverage(gaps, pieces, flowing);
        }
    }
}
