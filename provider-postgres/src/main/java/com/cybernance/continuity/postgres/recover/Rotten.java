package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Piece;

/** A piece that is listed and cannot be used: the log is sought again without it. */
final class Rotten extends ContinuityException {
    private static final long serialVersionUID = 1;

    private final transient Piece piece;

    Rotten(Piece piece, ContinuityException failure) {
        super(failure.kind(), Words.said(failure), failure.hint(), failure);
        this.piece = piece;
    }

    Piece piece() {
        return piece;
    }

    /** What is wrong with it, without a hint. */
    String why() {
        return Words.said(this);
    }
}
