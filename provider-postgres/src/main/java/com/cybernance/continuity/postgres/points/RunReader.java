package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import java.util.List;

/** Reads the records of consecutive runs of a way. */
final class RunReader {
    private final Reading reading;
    private final int segmentSize;

    RunReader(Reading reading, int segmentSize) {
        this.reading = reading;
        this.segmentSize = segmentSize;
    }

    /** Takes what is read. */
    interface Listener {
        /** The record's last byte is in the run of that number. */
        void commit(int run, Commit commit);

        /**
         * The run was read to its end.
         *
         * @return whether to go on
         */
        boolean ended(int run, LogReader reader);
    }

    /**
     * Reads from the beginning of a record to the end of a run, or to what cannot be read.
     *
     * @param record where a record begins, at or before the end of the first run
     * @param first the run that holds it
     * @param last the last run to be read, inclusive
     * @return why it ended
     * @throws Unusable when a piece cannot be read
     */
    LogStop read(List<Run> way, Lsn record, int first, int last, Listener listener) {
        int[] number = {first};
        LogReader reader = LogReader.atRecord(
                reading.cluster(),
                segmentSize,
                way.get(first).timeline(),
                record,
                commit -> listener.commit(number[0], commit));
        for (int run = first; run <= last; run++) {
            number[0] = run;
            feed(way.get(run), reader);
            if (reader.stop().reason() != LogStop.Reason.END_OF_DATA || !listener.ended(run, reader)) {
                break;
            }
        }
        return reader.stop();
    }

    private void feed(Run run, LogReader reader) {
        reader.follow(run.timeline());
        long[] at = {run.held().piece().start().value()};
        try {
            reading.piece(run.held().piece(), (bytes, length) -> {
                long from = Math.max(0, reader.position().value() - at[0]);
                long to = Math.min(length, run.to().value() - at[0]);
                if (from < to) {
                    reader.feed(bytes, (int) from, (int) (to - from));
                }
                at[0] += length;
            });
        } catch (ContinuityException failed) {
            if (failed.kind() == FailureKind.CORRUPT || failed.kind() == FailureKind.NOT_FOUND) {
                throw new Unusable(run.held(), failed);
            }
            throw failed;
        }
    }
}
