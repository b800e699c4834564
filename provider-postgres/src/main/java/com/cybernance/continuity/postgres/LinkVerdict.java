package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ReplicaState.Link;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Whether data flows over one connection, judged from two samples of one look and from how long it was silent before.
 * Pure.
 *
 * @param link the verdict
 * @param why the figures behind it, in words
 */
record LinkVerdict(Link link, String why) {
    /** A look with little time cannot wait its whole patience; so long without a word is silence in any case. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    /**
     * @param first the connection at the start of the look
     * @param last the same connection at its end
     * @param target the primary's durable position at the start of the look
     * @param waited how long lay between the two samples
     * @param patience how long an unconfirmed position may stand before the connection counts as silent
     * @param silence how long the connection has said nothing in microseconds, where an earlier look knows
     * @param dated how old the last reply would be in microseconds if the standby's clock agreed with the primary's
     * @param limit how long it may say nothing
     */
    static LinkVerdict of(
            Sample.Sender first,
            Sample.Sender last,
            long target,
            Duration waited,
            Duration patience,
            OptionalLong silence,
            long dated,
            Duration limit) {
        if (last.confirmed().isEmpty()) {
            return new LinkVerdict(Link.UNKNOWN, "it reports no flush position");
        }
        boolean heard =
                !last.replied().equals(first.replied()) || !last.confirmed().equals(first.confirmed());
        if (!last.reached(target)) {
            return behind(last, target, waited, patience, heard, silence, limit);
        }
        if (!last.streaming()) {
            return new LinkVerdict(Link.BEHIND, "its state is %s, not streaming".formatted(last.state()));
        }
        if (heard) {
            return new LinkVerdict(Link.CURRENT, "confirmed during the look what the primary had when it began");
        }
        return silence.isPresent() ? idle(silence, limit) : neverHeard(dated, limit);
    }

    private static LinkVerdict behind(
            Sample.Sender last,
            long target,
            Duration waited,
            Duration patience,
            boolean heard,
            OptionalLong silence,
            Duration limit) {
        long missing = target - last.confirmed().orElse(0);
        boolean silent = !heard && (waited.compareTo(patience) >= 0 || waited.compareTo(SILENCE) >= 0);
        if (silent || tooLong(silence, limit)) {
            return new LinkVerdict(
                    Link.DISCONNECTED,
                    "%d bytes wait and it confirmed nothing for %s"
                            .formatted(missing, seconds(Math.max(silence.orElse(0), waited.toNanos() / 1000))));
        }
        return new LinkVerdict(
                Link.BEHIND,
                "%d bytes unconfirmed after %s, its state is %s"
                        .formatted(missing, seconds(waited.toNanos() / 1000), last.state()));
    }

    private static LinkVerdict idle(OptionalLong silence, Duration limit) {
        if (tooLong(silence, limit)) {
            return new LinkVerdict(
                    Link.DISCONNECTED,
                    "nothing is left to confirm, and it has said nothing for %s (limit %s)"
                            .formatted(seconds(silence.getAsLong()), seconds(limit.toNanos() / 1000)));
        }
        return new LinkVerdict(
                Link.CURRENT,
                silence.getAsLong() == 0
                        ? "nothing is left to confirm, and it was heard from since the look before"
                        : "nothing is left to confirm, silent for " + seconds(silence.getAsLong()));
    }

    /** The first look at an idle connection has only the standby's clock to go by, which may be wrong either way. */
    private static LinkVerdict neverHeard(long dated, Duration limit) {
        boolean old = dated > limit.toNanos() / 1000;
        return new LinkVerdict(
                old ? Link.UNKNOWN : Link.CURRENT,
                "nothing is left to confirm, its last reply is dated %s ago by its own clock%s"
                        .formatted(
                                seconds(Math.max(0, dated)),
                                old ? ": silent or a wrong clock, the next look tells" : ""));
    }

    private static boolean tooLong(OptionalLong silence, Duration limit) {
        return silence.isPresent() && silence.getAsLong() > limit.toNanos() / 1000;
    }

    private static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
}
