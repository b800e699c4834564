package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One copy of a restore point. It survives deletion at the source, which a replica does not.
 *
 * @param id stable within the restore point
 * @param place where it is kept
 * @param state how much is known about it
 * @param since when it reached that state
 */
public record Copy(String id, Place place, State state, Instant since) {
    public Copy {
        requireNonNull(id, "id");
        requireNonNull(place, "place");
        requireNonNull(state, "state");
        requireNonNull(since, "since");
    }

    /** How grown-up a copy is. */
    public enum State {
        /** It exists. */
        TAKEN,
        /** Everything that restoring it needs is present beside it and was hashed there. */
        COMPLETE,
        /** It was restored from there and compared. */
        VERIFIED
    }
}
