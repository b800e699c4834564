package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How the log lies in a file of the spool: a header, then frames of a length, a checksum and a position each. Where the
 * frames stop being what they should be is where the file ends, whatever a crash left behind that.
 */
final class Frames {
    /** Length of a file's header. */
    static final int HEADER = 48;

    /** Length of what precedes the log's bytes in a frame. */
    static final int FRAME = 16;

    /** The most of the log in one frame. */
    static final int MOST = 128 * 1024;

    private static final long MAGIC = 0x434E_5459_5350_4C31L; // CNTYSPL1

    private Frames() {}

    static byte[] header(Lineage lineage, Position start) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putLong(MAGIC).putInt(1).putInt(start.timeline()).putLong(Long.parseUnsignedLong(lineage.system()));
        header.putLong(start.at().value()).putInt(lineage.segmentSize()).putLong(0);
        header.putInt(crc(0, header.array(), 0, HEADER - 4));
        return header.array();
    }

    /** Writes the part of a frame that precedes its bytes. */
    static void frame(ByteBuffer into, Lsn at, byte[] log, int offset, int length) {
        into.putInt(length).putInt(crc(at.value(), log, offset, length)).putLong(at.value());
    }

    private static int crc(long at, byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(0, at));
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Reads frames in order through a window. */
    static final class Reader {
        private final SpoolDisk.Handle file;
        private final long limit;
        private final byte[] window = new byte[3 * (MOST + FRAME)];
        private long windowAt;
        private int from;
        private int to;
        private Lsn expected;
        private int length;

        /** @param limit the file's length as far as it is to be read */
        Reader(SpoolDisk.Handle file, long limit, Lsn start) {
            this.file = file;
            this.limit = limit;
            this.windowAt = HEADER;
            this.expected = start;
        }

        /** Goes to the next frame; false where there is no more, or nothing that is a frame. */
        boolean next() throws IOException {
            from += length == 0 ? 0 : FRAME + length;
            expected = expected.plus(length);
            length = 0;
            if (!fill(FRAME)) {
                return false;
            }
            ByteBuffer head = ByteBuffer.wrap(window, from, FRAME);
            int size = head.getInt();
            int crc = head.getInt();
            long at = head.getLong();
            if (size < 1 || size > MOST || at != expected.value() || !fill(FRAME + size)) {
                return false;
            }
            if (crc(at, window, from + FRAME, size) != crc) {
                return false;
            }
            length = size;
            return true;
        }

        /** Where in the log the frame begins; without one, where it would. */
        Lsn at() {
            return expected;
        }

        int length() {
            return length;
        }

        byte[] buffer() {
            return window;
        }

        /** Where in {@link #buffer()} the frame's bytes begin. */
        int offset() {
            return from + FRAME;
        }

        /** How much of the file was read as header and frames, this one not included. */
        long consumed() {
            return windowAt + from;
        }

        private boolean fill(int wanted) throws IOException {
            if (to - from >= wanted) {
                return true;
            }
            System.arraycopy(window, from, window, 0, to - from);
            windowAt += from;
            to -= from;
            from = 0;
            int room = (int) Math.min(window.length - to, limit - windowAt - to);
            if (room > 0) {
                to += file.read(windowAt + to, window, to, room);
            }
            return to >= wanted;
        }
    }
}
