package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.time.Instant;

/**
 * A commit as it was read from the log.
 *
 * @param mark when, and where its record is
 * @param xid the transaction's number as its record's header has it; 0 for a transaction that had been prepared, whose
 *     number is not read
 */
public record Commit(CommitMark mark, long xid) {
    public Instant at() {
        return mark.at();
    }

    public Lsn start() {
        return mark.start();
    }

    public Lsn end() {
        return mark.end();
    }
}
