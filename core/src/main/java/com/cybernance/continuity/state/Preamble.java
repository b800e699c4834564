package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The first 16 bytes of every file and slot, the same in all versions of the format: what it is, which version wrote
 * it, and the oldest version that can read it.
 */
enum Preamble {
    STORE("cyb-stor"),
    HEAD("cyb-head"),
    SEGMENT("cyb-segm"),
    DOCUMENT("cyb-docu");

    static final int LENGTH = 16;

    /** The version that this release writes; it reads every one up to it. */
    static final int VERSION = 1;

    private final String magic;

    Preamble(String magic) {
        this.magic = magic;
    }

    void put(ByteBuffer into) {
        byte[] bytes = new byte[LENGTH];
        ByteBuffer preamble = ByteBuffer.wrap(bytes).put(ascii());
        preamble.putShort((short) VERSION).putShort((short) VERSION);
        preamble.putInt(Bytes.crc32c(bytes, 0, LENGTH - Integer.BYTES));
        into.put(bytes);
    }

    private byte[] ascii() {
        return magic.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Checks the preamble at the start of {@code bytes}, which lie at {@code offset} of the file.
     *
     * @return the version that wrote it
     */
    int check(byte[] bytes, Path file, long offset) {
        if (bytes.length < LENGTH) {
            throw Failures.rot(file, offset, "a preamble of " + LENGTH + " bytes", bytes.length + " bytes");
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        byte[] observed = new byte[magic.length()];
        from.get(observed);
        int written = Short.toUnsignedInt(from.getShort());
        int readable = Short.toUnsignedInt(from.getShort());
        if (!Arrays.equals(ascii(), observed) || from.getInt() != Bytes.crc32c(bytes, 0, LENGTH - Integer.BYTES)) {
            throw Failures.rot(file, offset, "the preamble '" + magic + "'", "other bytes");
        }
        if (readable > VERSION) {
            throw newer(file, written, "cannot be read by", "read it");
        }
        return written;
    }

    /** Refuses to change what a newer release wrote. */
    static void writable(int version, Path file) {
        if (version > VERSION) {
            throw newer(file, version, "is read-only for", "write to it");
        }
    }

    private static ContinuityException newer(Path file, int version, String verdict, String act) {
        return new ContinuityException(
                FailureKind.UNSUPPORTED,
                file + " has format version " + version + ", which " + verdict + " this release, which knows version "
                        + VERSION,
                act + " with the release that wrote it, or a later one");
    }
}
