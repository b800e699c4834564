package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * What a client met that connected and tried to write.
 *
 * @param id the member that answered, or the route that was tried when none did
 * @param result how far the client came
 * @param connect how long connecting took, where it worked
 * @param write how long the write took until it was acknowledged, where it worked
 * @param detail one line in words for a report: who answered, or what failed
 */
public record ClientOutcome(
        ResourceId id, Result result, Optional<Duration> connect, Optional<Duration> write, String detail) {
    public ClientOutcome {
        requireNonNull(id, "id");
        requireNonNull(result, "result");
        requireNonNull(connect, "connect");
        requireNonNull(write, "write");
        requireNonNull(detail, "detail");
    }

    /** How far a client came. */
    public enum Result {
        /** The write was acknowledged with the durability that the policy needs. */
        WROTE,
        /** Connected to a server that takes no writes. */
        READ_ONLY,
        /** Connected, but the write was not acknowledged. */
        NOT_ACKNOWLEDGED,
        NO_CONNECTION,
        /** Connected; no write was tried, because none was allowed. */
        CONNECTED_ONLY
    }
}
