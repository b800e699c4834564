package com.cybernance.continuity.facts;

/** Why something could not be done or seen. */
public enum FailureKind {
    MISCONFIGURED(false),
    DENIED(false),
    UNREACHABLE(true),
    THROTTLED(true),
    TIMED_OUT(true),
    NOT_FOUND(false),
    CONFLICT(false),
    CORRUPT(false),
    UNSUPPORTED(false),
    INTERRUPTED(true),
    UNEXPECTED(false);

    private final boolean silence;

    FailureKind(boolean silence) {
        this.silence = silence;
    }

    /**
     * Whether the failure tells nothing about what was asked: no answer came. An answer, even "you may not look",
     * replaces what was known before; silence only lets it age.
     */
    public boolean silence() {
        return silence;
    }
}
