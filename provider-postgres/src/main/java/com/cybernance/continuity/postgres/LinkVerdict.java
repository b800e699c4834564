package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ReplicaState.Link;
import java.time.Duration;
import java.util.Locale;

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

    private static final long CLOCKS_AGREE_MICROS = 1_000_000;

    /**
     * @param first the connection at the start of the look
     * @param last the same connection at its end
     * @param target the primary's durable position at the start of the look
     * @param waited how long lay between the two samples
     * @param patience how long an unconfirmed position may stand before the connection counts as silent
     * @param silence how long the connection has said nothing as far as looks can tell
     * @param dated how old the last reply would be in microseconds if the standby's clock agreed with the primary's
     * @param limit how long it may say nothing
     */
    static LinkVerdict of(
            Sample.Sender first,
            Sample.Sender last,
            long target,
            Duration waited,
            Duration patience,
            Hearing.Silence silence,
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
        return idle(silence, dated, limit);
    }

    private static LinkVerdict behind(
            Sample.Sender last,
            long target,
            Duration waited,
            Duration patience,
            boolean heard,
            Hearing.Silence silence,
            Duration limit) {
        long missing = target - last.confirmed().orElse(0);
        boolean silent = !heard && (waited.compareTo(patience) >= 0 || waited.compareTo(SILENCE) >= 0);
        if (silent || tooLong(silence, limit)) {
            return new LinkVerdict(
                    Link.DISCONNECTED,
                    "%d bytes wait and it confirmed nothing for %s"
                            .formatted(missing, seconds(Math.max(silence.atLeast(), waited.toNanos() / 1000))));
        }
        return new LinkVerdict(
                Link.BEHIND,
                "%d bytes unconfirmed after %s, its state is %s"
                        .formatted(missing, seconds(waited.toNanos() / 1000), last.state()));
    }

    private static LinkVerdict idle(Hearing.Silence silence, long dated, Duration limit) {
        if (tooLong(silence, limit)) {
            return new LinkVerdict(
                    Link.DISCONNECTED,
                    "nothing is left to confirm, and it has said nothing for %s (limit %s)"
                            .formatted(seconds(silence.atLeast()), seconds(limit.toNanos() / 1000)));
        }
        if (silence.atMost() <= limit.toNanos() / 1000) {
            return new LinkVerdict(
                    Link.CURRENT,
                    "nothing is left to confirm, silent for %s at most".formatted(seconds(silence.atMost())));
        }
        return byItsOwnClock(dated, limit);
    }

    /**
     * The first look at an idle connection, and one after a long pause, have only the standby's clock to go by. A clock
     * that runs ahead would make any silence look short.
     */
    private static LinkVerdict byItsOwnClock(long dated, Duration limit) {
        String last = "nothing is left to confirm, its last reply is dated %s %s by its own clock";
        String hint = ": silent or a wrong clock, which a canary or looks less than %s apart would tell"
                .formatted(seconds(limit.toNanos() / 1000));
        if (dated < -CLOCKS_AGREE_MICROS) {
            return new LinkVerdict(Link.UNKNOWN, last.formatted(seconds(-dated), "from now") + hint);
        }
        String ago = last.formatted(seconds(Math.max(0, dated)), "ago");
        return dated > limit.toNanos() / 1000
                ? new LinkVerdict(Link.UNKNOWN, ago + hint)
                : new LinkVerdict(Link.CURRENT, ago);
    }

    private static boolean tooLong(Hearing.Silence silence, Duration limit) {
        return silence.atLeast() > limit.toNanos() / 1000;
    }

    private static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
}
