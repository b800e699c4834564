package com.cybernance.continuity.postgres.receive;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Since when the log waits for a vault that lacks it. Times are a ticker's, in nanoseconds. For one thread. */
final class Waiting {
    /** Of what is neither in the vault nor under way. */
    private OptionalLong pending = OptionalLong.empty();

    /** Of what is under way, until it is known how that ended. */
    private OptionalLong underWay = OptionalLong.empty();

    /** Something is lacking now, and may have been before. */
    void lacking(long now) {
        if (pending.isEmpty()) {
            pending = OptionalLong.of(now);
        }
    }

    /** Nothing is lacking. */
    void nothing() {
        pending = OptionalLong.empty();
    }

    /** What has waited for longest is under way, and what was before it is in the vault; anything else came after the look. */
    void begun(long looked) {
        underWay = pending;
        pending = OptionalLong.of(looked);
    }

    /** What was under way is in the vault: no later failure is a failure of it. */
    void settled() {
        underWay = OptionalLong.empty();
    }

    /** Something failed. It may be what is under way, and that has waited for longer than what is pending. */
    void failed() {
        if (underWay.isPresent()) {
            pending = underWay;
        }
        underWay = OptionalLong.empty();
    }

    /** How long until it has waited that long; empty when nothing waits. Zero or less when it has. */
    Optional<Duration> left(Duration longest, long now) {
        return pending.isEmpty() ? Optional.empty() : Optional.of(longest.minusNanos(now - pending.getAsLong()));
    }
}
