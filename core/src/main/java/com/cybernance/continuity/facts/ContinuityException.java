package com.cybernance.continuity.facts;

/**
 * The one exception of this library: what failed and where, observed against expected, and a hint. The message never
 * holds a secret or a tenant's data.
 */
public class ContinuityException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureKind kind;
    private final String hint;

    /**
     * @param what what failed and where, observed against expected, as a lower-case sentence without a full stop
     * @param hint what to do about it
     */
    public ContinuityException(FailureKind kind, String what, String hint) {
        super(what + ". Hint: " + hint);
        this.kind = kind;
        this.hint = hint;
    }

    /** As above, with the exception that it comes from. */
    public ContinuityException(FailureKind kind, String what, String hint, Throwable cause) {
        super(what + ". Hint: " + hint, cause);
        this.kind = kind;
        this.hint = hint;
    }

    public FailureKind kind() {
        return kind;
    }

    public String hint() {
        return hint;
    }
}
