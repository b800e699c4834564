package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.DrillRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the log of drills holds.
 *
 * @param records in the order in which they were written
 * @param age how long ago the log was read, on the clock that shows more
 * @param unread why there is no knowing; empty when the log was read
 */
public record Drilled(List<DrillRecord> records, Duration age, Optional<String> unread) {
    public Drilled {
        records = List.copyOf(records);
    }

    /** A log that was read now. */
    public static Drilled read(List<DrillRecord> records) {
        return new Drilled(records, Duration.ZERO, Optional.empty());
    }

    /** A log that nobody read. */
    public static Drilled unread(String why) {
        return new Drilled(List.of(), Duration.ZERO, Optional.of(why));
    }
}
