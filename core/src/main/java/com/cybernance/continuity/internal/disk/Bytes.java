package com.cybernance.continuity.internal.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Whole reads and writes over a handle that may do less than it is asked, and a checksum. */
public final class Bytes {
    private Bytes() {}

    public static void write(Disk.Handle file, byte[] content, long position) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            if (file.write(rest, position + rest.position()) <= 0) {
                throw new IOException("the file system took none of the " + rest.remaining() + " bytes left to write");
            }
        }
    }

    /** Writes, forces, reads back and compares: what returns is on disk as it was meant. */
    public static void writeDurably(Disk.Handle file, byte[] content, long position) throws IOException {
        write(file, content, position);
        file.force();
        readBack(file, content, position);
    }

    public static void readBack(Disk.Handle file, byte[] content, long position) throws IOException {
        int differs = Arrays.mismatch(content, read(file, position, content.length));
        if (differs >= 0) {
            throw new IOException("read back other bytes than were written, first at offset " + (position + differs));
        }
    }

    public static byte[] read(Disk.Handle file, long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) < 0) {
                throw new EOFException("the file ends at " + (position + into.position()) + ", expected "
                        + into.remaining() + " bytes more");
            }
        }
        return into.array();
    }

    public static int crc32c(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
