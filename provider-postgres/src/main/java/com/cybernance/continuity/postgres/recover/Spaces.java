package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.backup.TablespaceMap;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import java.util.SortedSet;
import java.util.TreeSet;

/** The tablespaces of a backup, by its record and by the server's own list of them. */
final class Spaces {
    private static final String LINKS = "pg_tblspc";

    private Spaces() {}

    /** Name of the link to a tablespace, in the data directory. */
    static String link(BackupRecord.Tablespace tablespace) {
        return LINKS + "/" + tablespace.oid();
    }

    /**
     * Refuses a record that has others than the server's list.
     *
     * @param map content of the list; empty where there is none
     * @throws ContinuityException of kind {@code CORRUPT}
     */
    static void requireListed(BackupRecord backup, byte[] map) {
        SortedSet<Long> listed = TablespaceMap.numbers(map, Words::corrupt);
        SortedSet<Long> recorded = new TreeSet<>();
        SortedSet<Long> outside = new TreeSet<>();
        for (BackupRecord.Tablespace each : backup.tablespaces()) {
            recorded.add(each.oid());
            // One without an absolute path lies inside of the data directory, and is not listed.
            if (each.location().startsWith("/")) {
                outside.add(each.oid());
            }
        }
        if (!recorded.containsAll(listed) || !listed.containsAll(outside)) {
            throw Words.corrupt("%s of backup %s lists the tablespaces %s, the backup's record has %s"
                    .formatted(TablespaceMap.NAME, backup.id(), listed, recorded));
        }
    }
}
