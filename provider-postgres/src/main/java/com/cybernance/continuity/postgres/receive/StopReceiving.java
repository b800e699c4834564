package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;

/** A failure that another attempt cannot mend, or would hide: the receiver ends. */
final class StopReceiving extends ContinuityException {
    private static final long serialVersionUID = 1;

    StopReceiving(FailureKind kind, String what, String hint) {
        super(kind, what, hint);
    }

    StopReceiving(FailureKind kind, String what, String hint, Throwable cause) {
        super(kind, what, hint, cause);
    }

    /** The same failure, for good. */
    static StopReceiving of(ContinuityException failure) {
        String message = failure.getMessage() == null ? "no message" : failure.getMessage();
        String hint = ". Hint: " + failure.hint();
        String what = message.endsWith(hint) ? message.substring(0, message.length() - hint.length()) : message;
        return new StopReceiving(failure.kind(), what, failure.hint(), failure);
    }
}
