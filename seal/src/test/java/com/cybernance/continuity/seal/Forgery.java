package com.cybernance.continuity.seal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Makes right what needs no key to be made right. */
final class Forgery {
    private Forgery() {}

    /** The checksum of the preamble. */
    static byte[] withChecksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 12);
        byte[] made = bytes.clone();
        ByteBuffer.wrap(made).putInt(12, (int) crc.getValue());
        return made;
    }

    /** The digest at the end of an envelope. */
    static byte[] withDigest(byte[] envelope) {
        byte[] made = envelope.clone();
        int end = made.length - 32;
        System.arraycopy(Sha256.begin().digest(Arrays.copyOf(made, end)), 0, made, end, 32);
        return made;
    }
}
