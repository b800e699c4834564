package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a recovery ends.
 *
 * @param timeline the timeline that holds it
 * @param record start of the last record that is wanted: a commit, or the one that the backup ends with; empty where the
 *     backup does not end with a record
 * @param end where that record, or the backup, ends: nothing from here on is replayed
 * @param at the time of the commit, by the source's clock; empty where no commit is named
 */
record Target(int timeline, Optional<Lsn> record, Lsn end, Optional<Instant> at) {
    private static final String TIMELINE = "target.timeline";
    private static final String RECORD = "target.record";
    private static final String END = "target.end";
    private static final String AT = "target.at";

    /** The state that the backup itself has. */
    static Target backup(int timeline, Optional<Lsn> lastRecord, Lsn stop) {
        return new Target(timeline, lastRecord, stop, Optional.empty());
    }

    void write(Map<String, String> results) {
        results.put(TIMELINE, Integer.toString(timeline));
        record.ifPresent(start -> results.put(RECORD, start.toString()));
        results.put(END, end.toString());
        at.ifPresent(moment -> results.put(AT, moment.toString()));
    }

    static Target read(Map<String, String> results) {
        Map<String, String> all = new TreeMap<>(results);
        return new Target(
                Integer.parseInt(all.getOrDefault(TIMELINE, "0")),
                Optional.ofNullable(all.get(RECORD)).map(Lsn::parse),
                Lsn.parse(all.getOrDefault(END, "0/0")),
                Optional.ofNullable(all.get(AT)).map(Instant::parse));
    }

    @Override
    public String toString() {
        return "%s that ends at %s on timeline %d"
                .formatted(at.isPresent() ? "the commit" : "the backup", end, timeline);
    }
}
