package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One record while it is being read: its header and the beginning of what follows, with the checksum over all of it. */
final class RecordHead {
    static final int HEADER = 24;

    /** Anything longer was never written: the server refuses it. */
    static final int MOST = 0x3FFF_FFFF;

    /** What precedes a commit's time at most: the origin, the top-level transaction, and the length of what follows. */
    private static final int KEPT = 3 + 5 + 5 + 8;

    /** The same of a tablespace, whose number and path follow. */
    private static final int KEPT_OF_A_TABLESPACE = 3 + 5 + 5 + 4 + 1024;

    private static final int CHECKSUM_AT = 20;
    private static final int XLOG = 0;
    private static final int XACT = 1;
    private static final int TABLESPACE = 5;
    private static final int SWITCH = 0x40;
    private static final int COMMIT = 0x00;
    private static final int COMMIT_PREPARED = 0x30;
    private static final Instant SERVER_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final byte[] bytes = new byte[HEADER + KEPT_OF_A_TABLESPACE];
    private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C checksum = new CRC32C();
    private int read;

    void clear() {
        read = 0;
        checksum.reset();
    }

    int read() {
        return read;
    }

    /** Known from the fourth byte on. */
    int length() {
        return view.getInt(0);
    }

    long xid() {
        return view.getInt(4) & 0xFFFF_FFFFL;
    }

    /** Where the record before begins. */
    long previous() {
        return view.getLong(8);
    }

    void add(byte[] data, int offset, int length) {
        if (read < HEADER && read + length > HEADER) {
            throw new IllegalArgumentException("the header and what follows come one after the other");
        }
        int limit = read >= HEADER && makesTablespace() ? bytes.length : HEADER + KEPT;
        int kept = Math.min(length, limit - read);
        if (kept > 0) {
            System.arraycopy(data, offset, bytes, read, kept);
        }
        if (read >= HEADER) {
            checksum.update(data, offset, length);
        }
        read += length;
    }

    /** Whether the whole record is what was written. Ends the sum: asked once, when all of it was added. */
    boolean isSound() {
        checksum.update(bytes, 0, CHECKSUM_AT);
        return (int) checksum.getValue() == view.getInt(CHECKSUM_AT);
    }

    /** Whether nothing more follows in this segment. */
    boolean isSwitch() {
        return manager() == XLOG && (info() & 0xF0) == SWITCH;
    }

    boolean isCommit() {
        int what = info() & 0x70;
        return manager() == XACT && (what == COMMIT || what == COMMIT_PREPARED);
    }

    /** The time of a commit; empty for any other record. */
    Optional<Instant> committed() {
        if (!isCommit()) {
            return Optional.empty();
        }
        int at = HEADER;
        int end = Math.min(read, HEADER + KEPT);
        while (at < end) {
            int part = bytes[at] & 0xFF;
            switch (part) {
                case 253 -> at += 3;
                case 252 -> at += 5;
                case 254, 255 -> {
                    at += part == 255 ? 2 : 5;
                    return at + Long.BYTES > end
                            ? Optional.empty()
                            : Optional.of(SERVER_EPOCH.plus(view.getLong(at), ChronoUnit.MICROS));
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private boolean makesTablespace() {
        return manager() == TABLESPACE && (info() & 0xF0) == 0;
    }

    /** The tablespace that the record makes; empty for any other record. */
    Optional<MadeTablespace> tablespace(Lsn start) {
        if (!makesTablespace()) {
            return Optional.empty();
        }
        int at = HEADER;
        int end = Math.min(read, bytes.length);
        while (at < end) {
            int part = bytes[at] & 0xFF;
            switch (part) {
                case 253 -> at += 3;
                case 252 -> at += 5;
                case 254, 255 -> {
                    at += part == 255 ? 2 : 5;
                    return at + Integer.BYTES > end ? Optional.empty() : Optional.of(tablespace(start, at, end));
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private MadeTablespace tablespace(Lsn start, int at, int end) {
        int path = at + Integer.BYTES;
        int zero = path;
        while (zero < end && bytes[zero] != 0) {
            zero++;
        }
        return new MadeTablespace(
                start,
                Integer.toUnsignedLong(view.getInt(at)),
                new String(bytes, path, zero - path, StandardCharsets.UTF_8));
    }

    private int info() {
        return bytes[16] & 0xFF;
    }

    private int manager() {
        return bytes[17] & 0xFF;
    }
}
