package com.cybernance.continuity.vault;

import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record: what it is, its number, its epoch, the hash of the record before, the payload. Its own hash is
 * the SHA-256 of all of them, which is also the digest of its object.
 */
final class VaultRecord {
    static final int HEADER = 60;
    static final int MOST = 16 << 20;

    private static final byte[] KIND = "cyb-vrec".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HASH = 32;

    private VaultRecord() {}

    static byte[] of(long sequence, long epoch, String previous, byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put(KIND)
                .putInt(VERSION)
                .putLong(sequence)
                .putLong(epoch)
                .put(HexFormat.of().parseHex(previous))
                .put(payload)
                .array();
    }

    /** What stands for the record before the first one. */
    static String origin(String stream) {
        return Sha256.hex("stream " + stream);
    }

    /** A record's number, epoch and payload with its own hash; null when it is none of this format. */
    static @Nullable Entry parse(byte[] bytes) {
        if (bytes.length < HEADER
                || !Arrays.equals(KIND, Arrays.copyOf(bytes, KIND.length))
                || version(bytes) != VERSION) {
            return null;
        }
        ByteBuffer from = ByteBuffer.wrap(bytes).position(KIND.length + Integer.BYTES);
        long sequence = from.getLong();
        long epoch = from.getLong();
        MessageDigest sha = Sha256.begin();
        return new Entry(
                sequence,
                epoch,
                HexFormat.of().formatHex(sha.digest(bytes)),
                Arrays.copyOfRange(bytes, HEADER, bytes.length));
    }

    static String previous(byte[] bytes) {
        return HexFormat.of().formatHex(bytes, HEADER - HASH, HEADER);
    }

    /** The format version of what looks like a record. */
    static int version(byte[] bytes) {
        return bytes.length < HEADER ? 0 : ByteBuffer.wrap(bytes).getInt(KIND.length);
    }
}
