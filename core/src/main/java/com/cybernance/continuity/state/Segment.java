package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** The header of a segment: whose it is, its first record's number, and the hash of the record before that. */
final class Segment {
    static final int HEADER = 144;

    private static final int FIRST_AT = Preamble.LENGTH + Identity.LENGTH;
    private static final int CRC_AT = HEADER - Integer.BYTES;

    private Segment() {}

    /** What the first record of a stream names as the hash before it; the same in all versions of the format. */
    static byte[] genesis(Identity store, String stream) {
        ByteBuffer origin = ByteBuffer.wrap(new byte[Identity.LENGTH + Names.FIELD]);
        store.put(origin);
        Names.put(origin, stream);
        return Sha256.begin().digest(origin.array());
    }

    /** The header for a segment that starts with record {@code first}, after a record of hash {@code previous}. */
    static byte[] header(Identity store, String stream, long first, byte[] previous) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        Preamble.SEGMENT.put(header);
        store.put(header);
        header.putLong(first).put(previous);
        Names.put(header, stream);
        header.putInt(CRC_AT, Bytes.crc32c(header.array(), 0, CRC_AT));
        return header.array();
    }

    /**
     * Checks an observed header against what it must be.
     *
     * @return the version that wrote it
     */
    static int check(byte[] observed, byte[] expected, Identity store, Path file) {
        int version = Preamble.SEGMENT.check(observed, file, 0);
        if (ByteBuffer.wrap(observed).getInt(CRC_AT) != Bytes.crc32c(observed, 0, CRC_AT)) {
            throw Failures.rot(file, 0, "a segment header that matches its checksum", "one that does not");
        }
        ByteBuffer from = ByteBuffer.wrap(observed).position(Preamble.LENGTH);
        store.check(from, file, Preamble.LENGTH);
        int differs = Arrays.mismatch(expected, FIRST_AT, CRC_AT, observed, FIRST_AT, CRC_AT);
        if (differs >= 0) {
            HexFormat hex = HexFormat.of();
            throw Failures.rot(
                    file,
                    FIRST_AT + (long) differs,
                    "a header that continues the stream, " + hex.formatHex(expected, FIRST_AT, CRC_AT),
                    hex.formatHex(observed, FIRST_AT, CRC_AT));
        }
        return version;
    }
}
