package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.LogStop.Reason;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What every page of the log begins with; the first of a segment says more.
 *
 * @param magic which version wrote it
 * @param info flags
 * @param timeline the timeline that was written when the page was begun
 * @param address where in the log the page belongs
 * @param remaining bytes of the record that goes on from the page before
 */
record PageHeader(int magic, int info, int timeline, long address, int remaining) {
    static final int PAGE = 8192;
    static final int SHORT = 24;
    static final int LONG = 40;

    private static final int CONTINUES = 1;
    private static final int IS_LONG = 2;
    private static final int OVERWRITES = 8;
    private static final int ALL_FLAGS = 15;

    static PageHeader read(ByteBuffer bytes) {
        return new PageHeader(
                bytes.getShort(0) & 0xFFFF,
                bytes.getShort(2) & 0xFFFF,
                bytes.getInt(4),
                bytes.getLong(8),
                bytes.getInt(16));
    }

    /** The major version whose servers write this number into their pages; 0 for none that is supported. */
    static int version(int magic) {
        return switch (magic) {
            case 0xD110 -> 15;
            case 0xD113 -> 16;
            case 0xD116 -> 17;
            case 0xD118 -> 18;
            default -> 0;
        };
    }

    /** Whether it begins with the rest of a record from the page before. */
    boolean continues() {
        return (info & CONTINUES) != 0;
    }

    /** Whether the record that began on the page before was given up after a crash, and a new one begins here. */
    boolean overwrites() {
        return (info & OVERWRITES) != 0;
    }

    /** What is wrong with it by itself; empty when it is the header of the page at that position. */
    Optional<LogStop> fault(Lsn at, boolean firstOfSegment) {
        if (magic == 0) {
            return Optional.of(new LogStop(Reason.ZEROS, at, "the page was never written"));
        }
        if (version(magic) == 0) {
            return Optional.of(new LogStop(
                    magic >>> 8 == 0xD1 || magic >>> 8 == 0xD0 ? Reason.UNSUPPORTED : Reason.MALFORMED,
                    at,
                    "the page begins with %04X, which no PostgreSQL from 15 to 18 writes".formatted(magic)));
        }
        if (address != at.value()) {
            return malformed(at, "the page says that it belongs to %s".formatted(new Lsn(address)));
        }
        if ((info & ~ALL_FLAGS) != 0 || ((info & IS_LONG) != 0) != firstOfSegment) {
            return malformed(at, "the page has flags %04X".formatted(info));
        }
        if (timeline < 1 || remaining < 0 || continues() != (remaining > 0)) {
            return malformed(
                    at, "the page is of timeline %d and continues a record by %d bytes".formatted(timeline, remaining));
        }
        return Optional.empty();
    }

    /** What is wrong with the part that only the first page of a segment has. */
    static Optional<LogStop> longFault(ByteBuffer bytes, Lsn at, String system, int segmentSize) {
        String found = Long.toUnsignedString(bytes.getLong(SHORT));
        if (!found.equals(system)) {
            return Optional.of(new LogStop(
                    Reason.FOREIGN, at, "the segment belongs to cluster %s, expected %s".formatted(found, system)));
        }
        if (bytes.getInt(SHORT + 8) != segmentSize) {
            return malformed(at, "segments of %d bytes, expected %d".formatted(bytes.getInt(SHORT + 8), segmentSize));
        }
        if (bytes.getInt(SHORT + 12) != PAGE) {
            return Optional.of(new LogStop(
                    Reason.UNSUPPORTED,
                    at,
                    "log pages of %d bytes, supported are %d".formatted(bytes.getInt(SHORT + 12), PAGE)));
        }
        return Optional.empty();
    }

    private static Optional<LogStop> malformed(Lsn at, String detail) {
        return Optional.of(new LogStop(Reason.MALFORMED, at, detail));
    }
}
