package com.cybernance.continuity.spi;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.FailureKind;
import java.util.Map;
import java.util.Optional;

/**
 * How far long work has come.
 *
 * @param state where it stands
 * @param detail one line in words, for a person
 * @param failure why it failed; empty unless it did
 * @param results what it brought, by name; empty until it is done
 */
public record Progress(State state, String detail, Optional<FailureKind> failure, Map<String, String> results) {
    public Progress {
        requireNonNull(state, "state");
        requireNonNull(detail, "detail");
        requireNonNull(failure, "failure");
        results = Map.copyOf(results);
    }

    /** Where work stands. */
    public enum State {
        /** Never begun, or lost with the process that did it: begin it again. */
        ABSENT,
        RUNNING,
        DONE,
        /** Ended without success; nothing half done counts. */
        FAILED
    }

    public static Progress absent() {
        return new Progress(State.ABSENT, "not begun", Optional.empty(), Map.of());
    }

    public static Progress running(String detail) {
        return new Progress(State.RUNNING, detail, Optional.empty(), Map.of());
    }

    public static Progress done(String detail, Map<String, String> results) {
        return new Progress(State.DONE, detail, Optional.empty(), results);
    }

    public static Progress failed(FailureKind kind, String why) {
        return new Progress(State.FAILED, why, Optional.of(kind), Map.of());
    }
}
