package com.cybernance.continuity.postgres.recover;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What {@code global/pg_control} says, as PostgreSQL 15 to 18 write it on a little-endian machine.
 *
 * @param system the system identifier in decimal
 * @param version {@code pg_control_version}
 * @param segmentSize size of a log file in bytes
 * @param pageChecksums whether pages carry checksums
 * @param limits the settings of the source that a server which replays its log must not fall below
 */
record ControlFile(String system, int version, int segmentSize, boolean pageChecksums, Map<String, Integer> limits) {
    private static final int SYSTEM = 0;
    private static final int VERSION = 8;
    private static final int LIMITS = 180;
    private static final int SEGMENT_SIZE = 228;
    private static final int CHECKSUMS = 252;
    private static final int LEAST = 288;

    ControlFile {
        limits = Map.copyOf(limits);
    }

    /** Reads the file. */
    static ControlFile parse(byte[] file) {
        if (file.length < LEAST) {
            throw Words.corrupt("global/pg_control has %d bytes".formatted(file.length));
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (!carriesItsChecksum(file, bytes)) {
            throw Words.corrupt("global/pg_control does not carry its own checksum");
        }
        Map<String, Integer> limits = new LinkedHashMap<>();
        int at = LIMITS;
        for (String name : new String[] {
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction"
        }) {
            limits.put(name, bytes.getInt(at));
            at += Integer.BYTES;
        }
        return new ControlFile(
                Long.toUnsignedString(bytes.getLong(SYSTEM)),
                bytes.getInt(VERSION),
                bytes.getInt(SEGMENT_SIZE),
                bytes.getInt(CHECKSUMS) != 0,
                limits);
    }

    /** Where the checksum stands differs by a few bytes from version to version; nothing but zeros follows it. */
    private static boolean carriesItsChecksum(byte[] file, ByteBuffer bytes) {
        for (int at = LEAST - 8; at <= Math.min(320, file.length - 4); at += 4) {
            CRC32C crc = new CRC32C();
            crc.update(file, 0, at);
            if ((int) crc.getValue() == bytes.getInt(at)) {
                return Arrays.equals(
                        file, at + Integer.BYTES, file.length, new byte[file.length], at + Integer.BYTES, file.length);
            }
        }
        return false;
    }
}
