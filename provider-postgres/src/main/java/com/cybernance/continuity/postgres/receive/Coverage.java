package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Which ranges of the log one vault has. Thread-safe. */
final class Coverage {
    /** By timeline: disjoint ranges that do not touch, each by its start. */
    private final Map<Integer, NavigableMap<Lsn, Lsn>> ranges = new HashMap<>();

    synchronized void add(int timeline, Lsn from, Lsn to) {
        NavigableMap<Lsn, Lsn> known = ranges.computeIfAbsent(timeline, each -> new TreeMap<>());
        Lsn start = from;
        Lsn end = to;
        Map.Entry<Lsn, Lsn> before = known.floorEntry(start);
        if (before != null && !before.getValue().isBefore(start)) {
            start = before.getKey();
            end = Lsn.later(end, before.getValue());
        }
        for (Map.Entry<Lsn, Lsn> next = known.ceilingEntry(start);
                next != null && !next.getKey().isAfter(end);
                next = known.ceilingEntry(start)) {
            end = Lsn.later(end, next.getValue());
            known.remove(next.getKey());
        }
        known.put(start, end);
    }

    /** The first position at or after {@code from} that is not there. */
    synchronized Lsn firstMissing(int timeline, Lsn from) {
        NavigableMap<Lsn, Lsn> known = ranges.get(timeline);
        Map.Entry<Lsn, Lsn> at = known == null ? null : known.floorEntry(from);
        return at != null && at.getValue().isAfter(from) ? at.getValue() : from;
    }

    /** Where after {@code from}, which is missing, something is there again; {@code to} when nothing before it is. */
    synchronized Lsn missingUntil(int timeline, Lsn from, Lsn to) {
        NavigableMap<Lsn, Lsn> known = ranges.get(timeline);
        Map.Entry<Lsn, Lsn> next = known == null ? null : known.ceilingEntry(from);
        return next == null ? to : Lsn.earlier(next.getKey(), to);
    }

    synchronized boolean covers(int timeline, Lsn from, Lsn to) {
        return !firstMissing(timeline, from).isBefore(to);
    }

    /** The end of what is there of the newest timeline of which there is anything. */
    synchronized Optional<Position> newest() {
        return ranges.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .max(Map.Entry.comparingByKey())
                .map(each ->
                        new Position(each.getKey(), each.getValue().lastEntry().getValue()));
    }
}
