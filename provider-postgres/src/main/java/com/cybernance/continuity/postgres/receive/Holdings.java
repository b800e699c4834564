package com.cybernance.continuity.postgres.receive;

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
import org.jspecify.annotations.Nullable;

/** Finds out what one vault has of a cluster's log. For the thread that ships to it. */
final class Holdings {
    private final Vault vault;
    private final Cluster cluster;
    private final Spool spool;
    private final Coverage coverage;

    /** @param coverage where it is noted */
    Holdings(Vault vault, Cluster cluster, Spool spool, Coverage coverage) {
        this.vault = vault;
        this.cluster = cluster;
        this.spool = spool;
        this.coverage = coverage;
    }

    /**
     * Finds what the vault has. What the spool gives up because of it, and where the reception may go on, must be there for
     * good; whoever shipped before may have died while it shipped the newest.
     */
    void look() {
        List<Stretch> spooled = spool.stretches();
        List<Piece> relied = new ArrayList<>();
        Map<Integer, Piece> newest = new HashMap<>();
        vault.list(cluster.log(), stored -> Piece.of(cluster, stored.name()).ifPresent(piece -> {
            if (spooled.stream().anyMatch(stretch -> overlap(stretch, piece))) {
                relied.add(piece);
                return;
            }
            Piece before = newest.get(piece.timeline());
            if (before == null || piece.end().isAfter(before.end())) {
                newest.put(piece.timeline(), piece);
                add(before);
            } else {
                add(piece);
            }
        }));
        relied.addAll(newest.values());
        for (Piece piece : relied) {
            if (Kept.surely(vault, piece.object(cluster))) {
                add(piece);
            }
        }
    }

    private void add(@Nullable Piece piece) {
        if (piece != null) {
            coverage.add(piece.timeline(), piece.start(), piece.end());
        }
    }

    private static boolean overlap(Stretch stretch, Piece piece) {
        return stretch.timeline() == piece.timeline()
                && stretch.start().isBefore(piece.end())
                && piece.start().isBefore(stretch.end());
    }

    /** What this vault lacks of a hole: backups bring the log that they need by themselves. */
    List<Hole> missing(Hole hole) {
        List<Hole> parts = new ArrayList<>();
        Lsn from = coverage.firstMissing(hole.timeline(), hole.from());
        while (from.isBefore(hole.to())) {
            Lsn to = coverage.missingUntil(hole.timeline(), from, hole.to());
            parts.add(new Hole(hole.timeline(), from, to, hole.why(), hole.noticedAt()));
            from = coverage.firstMissing(hole.timeline(), to);
        }
        return parts;
    }
}
