package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
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
 * @param pieces those that have something of it, by name
 * @param flowing whether any piece reaches into the range or behind it, as when somebody receives the log
 */
record LogCoverage(List<Gap> gaps, List<String> pieces, boolean flowing) {
    LogCoverage {
        pieces = List.copyOf(pieces);
        gaps = List.copyOf(gaps);
    }

    /** A part that is missing: from the first position (inclusive) to the second (exclusive). */
    record Gap(Lsn from, Lsn to) {}

    static LogCoverage of(Vault vault, Cluster cluster, int timeline, Lsn from, Lsn to) {
        Walk walk = new Walk(from, to);
        vault.list(cluster.log(timeline), stored -> walk.see(cluster, stored));
        return walk.end();
    }

    /**
     * Fails unless all of the range is in the vault, for good.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND}
     */
    void require(Vault vault) {
        if (!whole()) {
            Gap gap = gaps.get(0);
            throw missing("the log from %s to %s is not in vault %s".formatted(gap.from(), gap.to(), vault.name()));
        }
        for (String piece : pieces) {
            if (!Kept.surely(vault, piece)) {
                throw missing("%s was listed and is not in vault %s".formatted(piece, vault.name()));
            }
        }
    }

    private static ContinuityException missing(String what) {
        return new ContinuityException(FailureKind.NOT_FOUND, what, "take the backup again");
    }

    boolean whole() {
        return gaps.isEmpty();
    }

    /** Pieces come in the order of their names, which is that of their first positions. */
    private static final class Walk {
        private final Lsn to;
        private final Lsn from;
        private final List<Gap> gaps = new ArrayList<>();
        private final List<String> pieces = new ArrayList<>();
        private Lsn covered;
        private boolean flowing;

        Walk(Lsn from, Lsn to) {
            this.from = from;
            this.covered = from;
            this.to = to;
        }

        void see(Cluster cluster, Stored stored) {
            Piece.of(cluster, stored.name()).ifPresent(piece -> {
                if (piece.start().isBefore(to) && piece.end().isAfter(from)) {
                    pieces.add(stored.name());
                }
                see(piece);
            });
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
