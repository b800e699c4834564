package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.Stored;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The secret that an envelope holds for each of its keys: the key of the data, what the data is, and which sealed bytes
 * it belongs to.
 *
 * @param size of the data before sealing
 * @param sha256 of the data before sealing, in lower-case hex
 * @param sealedSize of the sealed object
 * @param sealedSha256 of the sealed object, in lower-case hex
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; wiped by whoever holds it last
record Contents(byte[] dataKey, long size, String sha256, long sealedSize, String sealedSha256) {
    static final int KEY_LENGTH = 32;
    private static final int DIGEST_LENGTH = 32;
    private static final int LENGTH = KEY_LENGTH + 2 * (Long.BYTES + DIGEST_LENGTH);

    byte[] bytes() {
        HexFormat hex = HexFormat.of();
        return ByteBuffer.allocate(LENGTH)
                .put(dataKey)
                .putLong(size)
                .put(hex.parseHex(sha256))
                .putLong(sealedSize)
                .put(hex.parseHex(sealedSha256))
                .array();
    }

    /** Reads what an envelope held. */
    static Contents of(byte[] bytes, String what) {
        if (bytes.length != LENGTH) {
            throw Failures.corrupt(what + " holds a secret of " + bytes.length + " bytes, expected " + LENGTH);
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        byte[] key = new byte[KEY_LENGTH];
        from.get(key);
        return new Contents(key, from.getLong(), digest(from), from.getLong(), digest(from));
    }

    private static String digest(ByteBuffer from) {
        byte[] digest = new byte[DIGEST_LENGTH];
        from.get(digest);
        return HexFormat.of().formatHex(digest);
    }

    /** Whether this is about the sealed bytes that the vault holds. */
    boolean belongsTo(Stored sealed) {
        return sealedSize == sealed.size() && sealedSha256.equals(sealed.sha256());
    }

    void wipe() {
        Arrays.fill(dataKey, (byte) 0);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return size + " bytes with digest " + sha256;
    }
}
