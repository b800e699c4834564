package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.util.List;

/** What all looks over a route share. */
final class Looks {
    private Looks() {}

    /** Where a server that takes no writes answers for the one that does, nothing it says is about the primary. */
    static void requirePrimary(Session session, Route route) {
        if (session.inRecovery()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "%s leads to %s, which is in recovery and takes no writes; expected the primary"
                            .formatted(route.name(), nameOf(session)),
                    "point it at the primary, or at an address that follows the primary");
        }
    }

    /** A server's own name, or a word for a primary that nobody named. */
    static String nameOf(Session session) {
        if (!session.clusterName().isBlank()) {
            return session.clusterName();
        }
        return session.inRecovery() ? "standby at " + session.where() : "primary";
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    static <T> void tell(Sink<T> sink, List<Observation> asked) {
        asked.forEach(sink::asked);
    }

    /** Somebody wants the whole look to end, not only this part of it. */
    static void passOnInterruption(ContinuityException failure) {
        if (failure.kind() == FailureKind.INTERRUPTED) {
            throw failure;
        }
    }

    static <T> void blind(Sink<T> sink, String scope, ContinuityException failure) {
        sink.blind(scope, failure.kind(), String.valueOf(failure.getMessage()));
    }
}
