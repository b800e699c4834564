package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What {@code global/pg_control} of PostgreSQL 15 to 18 says, as little-endian machines write it.
 *
 * @param system the system identifier in decimal
 * @param segmentSize size of a log segment in bytes
 * @param pageChecksums whether pages carry checksums
 * @param limits the settings that a server which replays this cluster's log must not fall below
 */
public record ControlData(String system, int segmentSize, boolean pageChecksums, Map<String, Integer> limits) {
    /** A number that the server puts there to recognise its own floating point; what follows it stands still. */
    private static final double LANDMARK = 1_234_567.0;

    private static final List<String> LIMITS = List.of(
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    private static final int MOST = 400;
    private static final int FIRST_LIMIT = -28;
    private static final int PAGE_SIZE = 8;
    private static final int FILE_PAGES = 12;
    private static final int SEGMENT_SIZE = 20;
    private static final int CHECKSUM_VERSION = 44;
    private static final int PAGES_A_FILE = 131_072;

    public ControlData {
        limits = Map.copyOf(limits);
    }

    /**
     * Reads the file.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when it is not whole, of kind {@code UNSUPPORTED} when the
     *     cluster has unusual sizes of pages or files
     */
    public static ControlData of(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int most = Math.min(MOST, file.length) - 64;
        for (int at = -FIRST_LIMIT + 4; at <= most; at += 8) {
            if (bytes.getDouble(at) == LANDMARK) {
                return from(file, bytes, at);
            }
        }
        throw corrupt("it is not laid out as PostgreSQL 15 to 18 on a little-endian machine do");
    }

    private static ControlData from(byte[] file, ByteBuffer bytes, int landmark) {
        if (!carriesItsChecksum(file, bytes, landmark + CHECKSUM_VERSION)) {
            throw corrupt("it does not carry its checksum");
        }
        if (bytes.getInt(landmark + PAGE_SIZE) != PageChecksum.PAGE
                || bytes.getInt(landmark + FILE_PAGES) != PAGES_A_FILE) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "the cluster has pages of %d bytes and files of %d pages, expected %d and %d"
                            .formatted(
                                    bytes.getInt(landmark + PAGE_SIZE),
                                    bytes.getInt(landmark + FILE_PAGES),
                                    PageChecksum.PAGE,
                                    PAGES_A_FILE),
                    "use a server that was built with the usual sizes");
        }
        Map<String, Integer> limits = new LinkedHashMap<>();
        int at = landmark + FIRST_LIMIT;
        for (String name : LIMITS) {
            limits.put(name, bytes.getInt(at));
            at += Integer.BYTES;
        }
        return new ControlData(
                Long.toUnsignedString(bytes.getLong(0)),
                bytes.getInt(landmark + SEGMENT_SIZE),
                bytes.getInt(landmark + CHECKSUM_VERSION) != 0,
                limits);
    }

    /** Where the checksum stands differs by a few bytes from version to version; nothing but zeros follows it. */
    private static boolean carriesItsChecksum(byte[] file, ByteBuffer bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(file, 0, from);
        for (int at = from; at + 8 <= Math.min(MOST, bytes.limit()); at += 4) {
            if ((int) crc.getValue() == bytes.getInt(at)) {
                int behind = at + Integer.BYTES;
                return Arrays.equals(file, behind, file.length, new byte[file.length], behind, file.length);
            }
            crc.update(file, at, 4);
        }
        return false;
    }

    private static ContinuityException corrupt(String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the copy of global/pg_control cannot be used: " + why,
                "use another copy, or take the backup again; a file that changes while it is read may be torn");
    }
}
