package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.postgres.wal.TimelinePath.Leg;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log behind a backup along one way, and which piece is taken for which part of it: of those that hold a position, the
 * one that reaches furthest. One that does not lie within one log file is none of this cluster's and never taken. From the
 * same beginning the same pieces are taken, also where those that were not taken are gone.
 *
 * @param stretches what is wanted, from the beginning of the backup's first log file, along the timelines
 * @param parts what there is of it, without a gap
 */
record LogRoute(List<Leg> stretches, List<Part> parts) {
    LogRoute {
        stretches = List.copyOf(stretches);
        parts = List.copyOf(parts);
    }

    /**
     * What is taken of one piece.
     *
     * @param from inclusive
     * @param to exclusive
     */
    record Part(Piece piece, Lsn from, Lsn to) {}

    static LogRoute of(VaultedCluster vaulted, BackupRecord backup, TimelinePath way, Lsn to) {
        Lsn first = backup.start().segmentStart(backup.segmentSize());
        // The server reads the first log file from its beginning, although no record before the backup matters. A
        // timeline that began in that file has a copy of what came before.
        List<Leg> before = way.between(first, backup.start());
        if (!before.isEmpty() && end(before, parts(vaulted, backup, before)).isBefore(backup.start())) {
            before = List.of(new Leg(backup.timeline(), first, backup.start()));
        }
        List<Leg> stretches = new ArrayList<>(before);
        stretches.addAll(way.between(backup.start(), to));
        return new LogRoute(stretches, parts(vaulted, backup, stretches));
    }

    /** Where the parts end; exclusive. */
    Lsn end() {
        return end(stretches, parts);
    }

    private static Lsn end(List<Leg> stretches, List<Part> parts) {
        return parts.isEmpty()
                ? stretches.get(0).from()
                : parts.get(parts.size() - 1).to();
    }

    private static List<Part> parts(VaultedCluster vaulted, BackupRecord backup, List<Leg> stretches) {
        List<Part> parts = new ArrayList<>();
        for (Leg stretch : stretches) {
            List<Piece> pieces = vaulted.pieces(stretch.timeline(), stretch.from(), stretch.to()).stream()
                    .filter(piece -> piece.within(backup.segmentSize()))
                    .toList();
            if (follow(stretch, pieces, parts).isBefore(stretch.to())) {
                break;
            }
        }
        return parts;
    }

    private static Lsn follow(Leg stretch, List<Piece> pieces, List<Part> parts) {
        Lsn at = stretch.from();
        int next = 0;
        while (at.isBefore(stretch.to())) {
            @Nullable Piece best = null;
            for (; next < pieces.size() && !pieces.get(next).start().isAfter(at); next++) {
                Piece piece = pieces.get(next);
                if (piece.end().isAfter(best == null ? at : best.end())) {
                    best = piece;
                }
            }
            if (best == null) {
                return at;
            }
            Lsn end = Lsn.earlier(best.end(), stretch.to());
            parts.add(new Part(best, at, end));
            at = end;
        }
        return at;
    }
}
