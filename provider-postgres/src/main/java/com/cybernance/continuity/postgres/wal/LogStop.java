package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.Lsn;

/**
 * Why nothing more was read from a log, and where.
 *
 * @param reason what sort of end it is
 * @param at where the page or record begins that could not be read; for {@code END_OF_DATA} the end of what was fed
 * @param detail observed against expected, in words
 */
public record LogStop(Reason reason, Lsn at, String detail) {
    /** What sort of end it is. */
    public enum Reason {
        /** Everything that was fed was good; more may follow. */
        END_OF_DATA,
        /** Zeros where a page or a record should begin: the log was never written there. */
        ZEROS,
        /** A record is not what its checksum says. */
        CHECKSUM,
        /** Not a page or a record of a log, or not the one that belongs there. */
        MALFORMED,
        /** A log of another cluster. */
        FOREIGN,
        /** A log of a version, or of a build, that is not supported. */
        UNSUPPORTED
    }

    @Override
    public String toString() {
        return "%s at %s: %s".formatted(reason, at, detail);
    }
}
