package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes pieces of the log beside whoever else does: that a piece is there already is no failure. */
final class NewPiece {
    private NewPiece() {}

    /** Null when somebody else has stored just this piece, which then is skipped. */
    static @Nullable Packed begin(Vault vault, Cluster cluster, Piece piece, int level) throws IOException {
        try {
            return new Packed(vault, piece.object(cluster), level);
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.CONFLICT) {
                return null;
            }
            throw e;
        }
    }

    static void commit(Packed into) throws IOException {
        try {
            into.commit();
        } catch (ContinuityException e) {
            if (e.kind() != FailureKind.CONFLICT) {
                throw e;
            }
        }
    }
}
