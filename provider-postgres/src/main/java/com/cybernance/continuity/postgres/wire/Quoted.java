package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;

/** Names and texts as parts of a replication command. Its grammar doubles the quote in a text and knows no other escape. */
public final class Quoted {
    private Quoted() {}

    /**
     * A name, such as that of a slot.
     *
     * @throws ContinuityException of kind {@code MISCONFIGURED} when it is empty or holds a double quote, which the
     *     grammar cannot express, or a control character
     */
    public static String name(String name) {
        if (name.isEmpty() || name.indexOf('"') >= 0) {
            throw unfit();
        }
        return '"' + printable(name) + '"';
    }

    /**
     * A text, such as a label.
     *
     * @throws ContinuityException of kind {@code MISCONFIGURED} when it holds a control character
     */
    public static String text(String text) {
        return "'" + printable(text).replace("'", "''") + "'";
    }

    private static String printable(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw unfit();
        }
        return text;
    }

    private static ContinuityException unfit() {
        return new ContinuityException(
                FailureKind.MISCONFIGURED,
                "a name for the server is empty, or holds a double quote or a control character",
                "use letters, digits and underscores");
    }
}
