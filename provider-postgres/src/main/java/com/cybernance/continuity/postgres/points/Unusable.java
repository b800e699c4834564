package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;

/** A piece that is listed and cannot be read: the way is sought again without it. */
final class Unusable extends ContinuityException {
    private static final long serialVersionUID = 1;

    private final transient Held held;

    Unusable(Held held, ContinuityException why) {
        super(why.kind(), "a piece of the log cannot be read: " + why.getMessage(), why.hint(), why);
        this.held = held;
    }

    Held held() {
        return held;
    }
}
