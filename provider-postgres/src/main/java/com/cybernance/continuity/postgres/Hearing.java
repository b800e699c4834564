package com.cybernance.continuity.postgres;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when each connection has said nothing new. The time in a reply is by the standby's clock, so it is only compared
 * with itself; how long it stood still is measured by the primary's clock, from look to look.
 */
final class Hearing {
    private final Map<Long, Heard> last = new ConcurrentHashMap<>();

    /**
     * Notes what was seen.
     *
     * @return how long the connection has been silent in microseconds; empty when it was never seen before
     */
    OptionalLong silence(Sample.Sender sender, long clock) {
        Heard now = new Heard(sender.replied(), clock);
        Heard before = last.putIfAbsent(sender.pid(), now);
        if (before == null) {
            return OptionalLong.empty();
        }
        if (!before.replied.equals(now.replied)) {
            last.put(sender.pid(), now);
            return OptionalLong.of(0);
        }
        return OptionalLong.of(Math.max(0, clock - before.since));
    }

    /** Forgets the connections that are gone. */
    void keepOnly(Sample sample) {
        last.keySet().removeIf(pid -> sample.ofPid(pid).isEmpty());
    }

    private record Heard(OptionalLong replied, long since) {}
}
