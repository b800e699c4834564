package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A copy whose every byte is in the vault and which was found good, but which is no backup yet.
 *
 * @param id its name
 * @param start where replay begins
 * @param stop where the copy is consistent
 * @param startedAt by the server's clock
 * @param control what its control file says
 * @param pagesChecked how many pages were checked
 */
record Copied(
        String id,
        int timeline,
        Lsn start,
        Lsn stop,
        Instant startedAt,
        ControlData control,
        long pagesChecked,
        List<BackupRecord.Part> parts,
        List<BackupRecord.Tablespace> tablespaces) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * Refuses a copy whose log lies on more than one timeline, as that of a standby which followed a failover meanwhile:
     * that of its start ends before its stop.
     */
    static void requireStopOn(int timeline, int stopped) {
        if (stopped != timeline) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the backup began on timeline %d and stopped on timeline %d".formatted(timeline, stopped),
                    "the server followed a failover or was promoted meanwhile; run CHECKPOINT on the new primary, and take"
                            + " the backup again once the standby has replayed that");
        }
    }

    /** The name of the copy that begins there and then. */
    static String id(Instant startedAt, int timeline, Lsn start) {
        return "%s-%08x-%s".formatted(TIME.format(startedAt), timeline, start.hex());
    }
}
