package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * A setting or condition that a promise depends on, as observed.
 *
 * @param id the member on which it was seen
 * @param kind what it bears on
 * @param name the setting's own name with its scope, for example {@code synchronous_commit of role reports}
 * @param observed its value, never a secret
 * @param needed the value or range that keeps the promise, in words
 * @param effect whether the promise stands with the observed value
 */
public record Setting(ResourceId id, Kind kind, String name, String observed, String needed, Effect effect) {
    public Setting {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(observed, "observed");
        requireNonNull(needed, "needed");
        requireNonNull(effect, "effect");
    }

    /** What a setting bears on. */
    public enum Kind {
        /** Whether an acknowledged commit survives. */
        DURABILITY,
        /** Whether the service stays up or can be kept from filling its disk. */
        CAPACITY,
        /** Whether something may be deleted or shared against the promise. */
        PROTECTION
    }

    /** What the observed value does to the promise. */
    public enum Effect {
        KEEPS,
        WEAKENS
    }
}
