package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.spi.StateStore;
import java.util.ArrayList;
import java.util.List;

/** The drills that were done, as a state store keeps them. */
public final class DrillLog {
    static final String STREAM = "drills";

    private DrillLog() {}

    /**
     * Every drill on record, failed ones included, in the order in which they ended; empty when none was ever done.
     * Needs no lease.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when a record is not what was written, {@code UNSUPPORTED}
     *     when a newer release wrote one
     */
    public static List<DrillRecord> read(StateStore store) {
        List<DrillRecord> drills = new ArrayList<>();
        store.replay(STREAM, entry -> drills.add(DrillJson.read(entry.payload())));
        return List.copyOf(drills);
    }
}
