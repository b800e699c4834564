package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * Something that restoring needs besides the copy itself.
 *
 * @param kind what sort of thing
 * @param name which one, in the provider's notation; the ids of keys of which any one is enough are joined by
 *     {@code " or "}
 */
public record Requirement(Kind kind, String name) {
    public Requirement {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
    }

    /** What sort of thing is needed. */
    public enum Kind {
        /** A range of the resource's log. */
        LOG,
        /** A key that opens what is sealed. */
        KEY,
        /** A program of a certain version. */
        TOOL,
        /** Another resource. */
        RESOURCE
    }
}
