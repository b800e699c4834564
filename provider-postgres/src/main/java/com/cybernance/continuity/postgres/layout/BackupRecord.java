package com.cybernance.continuity.postgres.layout;

import java.time.Instant;
import java.util.List;

/**
 * A base backup's own record: written last, it is what makes the backup one.
 *
 * @param id the backup's name within its cluster
 * @param system the cluster's system identifier in decimal
 * @param version the server's {@code server_version_num}
 * @param timeline the timeline that it was taken on
 * @param start where replay begins
 * @param stop where the copy is consistent; exclusive end of the log that it needs for that
 * @param startedAt by the server's clock
 * @param stoppedAt by the server's clock
 * @param slot the moment for which it was due
 * @param label what the server calls it
 * @param pageChecksums whether the cluster's pages carry checksums
 * @param pagesChecked how many of them were checked while the copy was taken
 * @param segmentSize size of a log segment in bytes
 * @param objects what it consists of
 * @param tablespaces those outside the data directory
 */
public record BackupRecord(
        String id,
        String system,
        int version,
        int timeline,
        Lsn start,
        Lsn stop,
        Instant startedAt,
        Instant stoppedAt,
        String slot,
        String label,
        boolean pageChecksums,
        long pagesChecked,
        int segmentSize,
        Method method,
        List<Part> objects,
        List<Tablespace> tablespaces) {
    public BackupRecord {
        objects = List.copyOf(objects);
        tablespaces = List.copyOf(tablespaces);
    }

    /** How it was taken. */
    public enum Method {
        REPLICATION,
        SQL
    }

    /**
     * One object of the backup.
     *
     * @param name its full name in the vault
     * @param size length in the vault in bytes
     * @param sha256 digest of what is in the vault
     * @param unpacked size before compression in bytes
     */
    public record Part(String name, long size, String sha256, long unpacked) {}

    /**
     * A tablespace outside the data directory.
     *
     * @param oid its number
     * @param location where it was on the source
     * @param object the object that holds it
     */
    public record Tablespace(long oid, String location, String object) {}
}
