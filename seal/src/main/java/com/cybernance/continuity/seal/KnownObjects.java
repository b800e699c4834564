package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.Stored;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What envelopes have said of objects before, so that listing a vault again reads no envelope again. Safe to keep: what is
 * remembered was authenticated for the digest of the sealed bytes, and objects never change.
 */
final class KnownObjects {
    /** At about 250 bytes each: 32 MiB, and enough for a month of log in pieces of a minute. */
    private static final int MOST = 128 << 10;

    private static final int DIGEST_LENGTH = 32;

    /** For each name the size and digest of the sealed bytes, and those of the content. */
    private final Map<String, byte[]> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST;
        }
    };

    synchronized Optional<Stored> get(Stored sealed) {
        byte[] entry = known.get(sealed.name());
        byte[] key = key(sealed);
        if (entry == null || !Arrays.equals(entry, 0, key.length, key, 0, key.length)) {
            return Optional.empty();
        }
        long size = ByteBuffer.wrap(entry).getLong(key.length);
        String sha256 = HexFormat.of().formatHex(entry, key.length + Long.BYTES, entry.length);
        return Optional.of(new Stored(sealed.name(), size, sha256, sealed.since()));
    }

    synchronized Stored put(Stored sealed, Contents contents) {
        byte[] key = key(sealed);
        byte[] entry = ByteBuffer.allocate(2 * key.length)
                .put(key)
                .putLong(contents.size())
                .put(HexFormat.of().parseHex(contents.sha256()))
                .array();
        known.put(sealed.name(), entry);
        return new Stored(sealed.name(), contents.size(), contents.sha256(), sealed.since());
    }

    private static byte[] key(Stored sealed) {
        return ByteBuffer.allocate(Long.BYTES + DIGEST_LENGTH)
                .putLong(sealed.size())
                .put(HexFormat.of().parseHex(sealed.sha256()))
                .array();
    }
}
