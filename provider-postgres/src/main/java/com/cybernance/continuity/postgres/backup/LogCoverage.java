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
 * @param flowing whether any piece reaches into the range or behind it, as when somebody receives the log
 */
record LogCoverage(List<Gap> gaps, boolean flowing) {
    LogCoverage {
        gaps = List.copyOf(gaps);
    }

    /** A part that is missing: from the first position (inclusive) to the second (exclusive). */
    record Gap(Lsn from, Lsn to) {}

    static LogCoverage of(Vault vault, Cluster cluster, int timeline, Lsn from, Lsn to) {
        Walk walk = new Walk(from, to);
        vault.list(cluster.log(timeline), stored -> walk.see(cluster, stored));
        return walk.end();
    }

    boolean whole() {
        return gaps.isEmpty();
    }

    /** Pieces come in the order of their names, which is that of their first positions. */
    private static final class Walk {
        private final Lsn to;
        private final List<Gap> gaps = new ArrayList<>();
        private Lsn covered;
        private boolean flowing;

        Walk(Lsn from, Lsn to) {
            this.covered = from;
            this.to = to;
        }

        void see(Cluster cluster, Stored stored) {
            Piece.of(cluster, stored.name()).ifPresent(this::see);
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
            return new LogCoverage(gaps, flowing);
        }
    }
}
