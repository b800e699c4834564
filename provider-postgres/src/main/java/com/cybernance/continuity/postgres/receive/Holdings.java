package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.backup.Kept;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what one vault has of a cluster's log. A name is not a content, so two things are kept apart: what the vault
 * says that it has, and what of it is surely what the server sent. For the thread that ships to it, except {@link #newest}.
 */
final class Holdings {
    private final Vault vault;
    private final Cluster cluster;
    private final Spool spool;
    private final PieceWriter writer;
    private final Coverage held;
    private final Coverage known = new Coverage();

    /** @param held where is noted what the vault surely has: what the spool had, too, when it was compared */
    Holdings(Vault vault, Cluster cluster, Spool spool, PieceWriter writer, Coverage held) {
        this.vault = vault;
        this.cluster = cluster;
        this.spool = spool;
        this.writer = writer;
        this.held = held;
    }

    /**
     * Finds what the vault has. What the spool gives up because of it, and where the reception may go on, must be there for
     * good: whoever shipped before may have died while it shipped the newest. What the spool still has of a piece is
     * compared; what it has not, because it is still to come, will be shipped again, whatever the vault says. A piece that
     * does not lie within one segment was written by no receiver, and is passed over.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when a piece has other bytes than the spool
     */
    void look() {
        List<Stretch> spooled = spool.stretches();
        int segmentSize = spool.notes().lineage().segmentSize();
        List<Piece> relied = new ArrayList<>();
        Map<Integer, Piece> newest = new HashMap<>();
        vault.list(cluster.log(), stored -> Piece.of(cluster, stored.name())
                .filter(piece -> piece.within(segmentSize))
                .ifPresent(piece -> {
                    if (spooled.stream().anyMatch(stretch -> overlap(stretch, piece))) {
                        relied.add(piece);
                        return;
                    }
                    Piece before = newest.get(piece.timeline());
                    if (before == null || piece.end().isAfter(before.end())) {
                        newest.put(piece.timeline(), piece);
                        know(before);
                    } else {
                        know(piece);
                    }
                }));
        relied.addAll(newest.values());
        for (Piece piece : relied) {
            if (Kept.surely(vault, piece.object(cluster))) {
                know(piece);
                spooled.stream().filter(stretch -> overlap(stretch, piece)).forEach(stretch -> compare(stretch, piece));
            }
        }
    }

    private void know(@Nullable Piece piece) {
        if (piece != null) {
            known.add(piece.timeline(), piece.start(), piece.end());
        }
    }

    private void compare(Stretch stretch, Piece piece) {
        Lsn from = Lsn.later(stretch.start(), piece.start());
        Lsn to = Lsn.earlier(stretch.end(), piece.end());
        // What was shipped or compared before is not read again.
        if (held.covers(piece.timeline(), from, to)) {
            return;
        }
        try {
            writer.compare(stretch, piece);
            held.add(piece.timeline(), from, to);
        } catch (ContinuityException e) {
            // A commit that ended meanwhile lets the spool give up what every vault has, this one too.
            if (e.kind() == FailureKind.CORRUPT || spooled(stretch)) {
                throw e;
            }
        }
    }

    private boolean spooled(Stretch stretch) {
        return spool.stretches().stream().anyMatch(each -> each.file().equals(stretch.file()));
    }

    /** Where the newest of the log ends that the vault says it has. Any thread may ask. */
    Optional<Position> newest() {
        return known.newest();
    }

    private static boolean overlap(Stretch stretch, Piece piece) {
        return stretch.timeline() == piece.timeline()
                && stretch.start().isBefore(piece.end())
                && piece.start().isBefore(stretch.end());
    }

    /** What this vault lacks of a hole: backups bring the log that they need by themselves. */
    List<Hole> missing(Hole hole) {
        List<Hole> parts = new ArrayList<>();
        Lsn from = known.firstMissing(hole.timeline(), hole.from());
        while (from.isBefore(hole.to())) {
            Lsn to = known.missingUntil(hole.timeline(), from, hole.to());
            parts.add(new Hole(hole.timeline(), from, to, hole.why(), hole.noticedAt()));
            from = known.firstMissing(hole.timeline(), to);
        }
        return parts;
    }
}
