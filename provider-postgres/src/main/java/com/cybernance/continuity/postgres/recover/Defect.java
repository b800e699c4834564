package com.cybernance.continuity.postgres.recover;

import static java.util.Objects.requireNonNull;

/**
 * Something in a vault that a restore would stumble over.
 *
 * @param object the vault's object that it is about; one that is missing is named as well
 * @param place where in it: a file, a log position, or {@code ""} for all of it
 * @param what observed against expected, in words
 */
public record Defect(String object, String place, String what) {
    public Defect {
        requireNonNull(object, "object");
        requireNonNull(place, "place");
        requireNonNull(what, "what");
    }

    @Override
    public String toString() {
        return place.isEmpty() ? object + ": " + what : object + ", " + place + ": " + what;
    }
}
