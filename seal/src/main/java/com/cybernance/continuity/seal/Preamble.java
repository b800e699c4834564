package com.cybernance.continuity.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 16 bytes of all that this package writes, the same in all versions of the format: what it is, which version
 * wrote it, and the oldest version that can read it. They are a part of everything that is authenticated.
 */
enum Preamble {
    OBJECT("cyb-seal"),
    ENVELOPE("cyb-envl");

    static final int LENGTH = 16;

    /** The version that this release writes; it reads every one up to it. */
    static final int VERSION = 1;

    private final String magic;

    Preamble(String magic) {
        this.magic = magic;
    }

    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).put(magic.getBytes(US_ASCII));
        bytes.putShort((short) VERSION).putShort((short) VERSION);
        return bytes.putInt(checksum(bytes.array())).array();
    }

    /**
     * Refuses what is something else, is damaged, or was written for newer readers.
     *
     * @param bytes the first 16, or fewer where there are no more
     */
    void check(byte[] bytes, String what) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        if (bytes.length != LENGTH
                || !magic.equals(new String(bytes, 0, magic.length(), US_ASCII))
                || from.getInt(LENGTH - Integer.BYTES) != checksum(bytes)) {
            throw Failures.corrupt(what + " does not begin with the preamble '" + magic + "'");
        }
        int readable = Short.toUnsignedInt(from.getShort(10));
        if (readable > VERSION) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    what + " has format version " + Short.toUnsignedInt(from.getShort(8))
                            + " and asks for a reader of version " + readable + "; this release reads up to version "
                            + VERSION,
                    "open it with the release that wrote it, or a later one");
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, LENGTH - Integer.BYTES);
        return (int) crc.getValue();
    }
}
