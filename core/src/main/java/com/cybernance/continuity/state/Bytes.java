package com.cybernance.continuity.state;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Whole reads and writes over a handle that may do less than it is asked, and the two checksums of the format. */
final class Bytes {
    private Bytes() {}

    static void write(Disk.Handle file, byte[] content, long position) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            if (file.write(rest, position + rest.position()) <= 0) {
                throw new IOException("the file system took none of the " + rest.remaining() + " bytes left to write");
            }
        }
    }

    /** Writes, forces, reads back and compares: what returns is on disk as it was meant. */
    static void writeDurably(Disk.Handle file, byte[] content, long position) throws IOException {
        write(file, content, position);
        file.force();
        readBack(file, content, position);
    }

    static void readBack(Disk.Handle file, byte[] content, long position) throws IOException {
        int differs = Arrays.mismatch(content, read(file, position, content.length));
        if (differs >= 0) {
            throw new IOException("read back other bytes than were written, first at offset " + (position + differs));
        }
    }

    static byte[] read(Disk.Handle file, long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) < 0) {
                throw new EOFException("the file ends at " + (position + into.position()) + ", expected "
                        + into.remaining() + " bytes more");
            }
        }
        return into.array();
    }

    static int crc32c(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
