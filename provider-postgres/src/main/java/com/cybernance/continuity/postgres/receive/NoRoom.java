package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;

/** The spool cannot take more for now. What it has is whole, and the server keeps the rest. */
final class NoRoom extends ContinuityException {
    private static final long serialVersionUID = 1;

    NoRoom(String what, String hint) {
        super(FailureKind.THROTTLED, what, hint);
    }

    NoRoom(String what, String hint, Throwable cause) {
        super(FailureKind.THROTTLED, what, hint, cause);
    }
}
