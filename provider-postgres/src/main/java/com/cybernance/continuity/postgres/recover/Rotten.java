package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Piece;

/** A piece that is listed and cannot be used: the log is sought again without it. */
final class Rotten extends ContinuityException {
    private static final long serialVersionUID = 1;

    private final transient Piece piece;
    private final String why;

    Rotten(Piece piece, ContinuityException failure) {
        super(failure.kind(), words(failure), failure.hint(), failure);
        this.piece = piece;
        this.why = words(failure);
    }

    Piece piece() {
        return piece;
    }

    /** What is wrong with it, without a hint. */
    String why() {
        return why;
    }

    private static String words(ContinuityException failure) {
        String message = String.valueOf(failure.getMessage());
        int hint = message.indexOf(". Hint: ");
        return hint < 0 ? message : message.substring(0, hint);
    }
}
