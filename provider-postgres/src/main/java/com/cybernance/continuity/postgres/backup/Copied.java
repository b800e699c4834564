package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.time.Instant;
import java.util.List;

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
        List<BackupRecord.Tablespace> tablespaces) {}
