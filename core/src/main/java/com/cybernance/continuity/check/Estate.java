package com.cybernance.continuity.check;

/**
 * Which world a report is about. Evidence from a rehearsal never counts for production.
 *
 * @param kind production or rehearsal
 * @param name what people call it
 */
public record Estate(Kind kind, String name) {
    /** Whether the promise is to customers or to ourselves. */
    public enum Kind {
        PRODUCTION,
        REHEARSAL
    }

    public static Estate production(String name) {
        return new Estate(Kind.PRODUCTION, name);
    }

    public static Estate rehearsal(String name) {
        return new Estate(Kind.REHEARSAL, name);
    }

    @Override
    public String toString() {
        return kind == Kind.PRODUCTION ? "production (%s)".formatted(name) : "rehearsal (%s)".formatted(name);
    }
}
