package com.cybernance.continuity.postgres;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when each connection has said nothing new. The time in a reply is by the standby's clock, so it is only compared
 * with itself; how long it stood still is measured by the primary's clock, from look to look. A reply that changed between
 * two looks may have come at any time between them.
 */
final class Hearing {
    private final Map<Long, Heard> last = new ConcurrentHashMap<>();

    /**
     * Notes what was seen.
     *
     * @return how long the connection has been silent
     */
    Silence silence(Sample.Sender sender, long clock) {
        Heard now = new Heard(sender.replied(), clock, clock, Long.MAX_VALUE);
        Heard before = last.putIfAbsent(sender.pid(), now);
        if (before == null) {
            return Silence.NEVER_SEEN;
        }
        Heard known = before.replied.equals(now.replied)
                ? new Heard(now.replied, before.seen, clock, before.after)
                : new Heard(now.replied, clock, clock, before.looked);
        last.put(sender.pid(), known);
        return known.silence(clock);
    }

    /** Forgets the connections that are gone. */
    void keepOnly(Sample sample) {
        last.keySet().removeIf(pid -> sample.ofPid(pid).isEmpty());
    }

    /**
     * How long a connection has said nothing, in microseconds: between these two figures.
     *
     * @param atMost {@link Long#MAX_VALUE} when no look came before the last reply
     */
    record Silence(long atLeast, long atMost) {
        static final Silence NEVER_SEEN = new Silence(0, Long.MAX_VALUE);
    }

    /**
     * @param seen when the last reply was first seen
     * @param looked when the last look was
     * @param after when the reply had certainly not come yet; {@link Long#MAX_VALUE} when no look tells
     */
    private record Heard(OptionalLong replied, long seen, long looked, long after) {
        Silence silence(long clock) {
            return new Silence(
                    Math.max(0, clock - seen), after == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, clock - after));
        }
    }
}
