package com.cybernance.continuity.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/**
 * AES-256-GCM in segments, each authenticated together with its number and whether it is the last one.
 *
 * <p>A segment of 64 KiB costs 0.02 % of space, is sealed as fast as one of 1 MiB, and keeps an open object below a
 * half a MiB of memory, buffer included: most objects in a vault are small, and many are open at a time.
 */
final class SegmentCipher {
    static final int SEGMENT = 64 << 10;

    /** How much is handed to a vault, or taken from it, at a time: each call may cost a change of thread or more. */
    static final int TRANSFER = 256 << 10;

    private SegmentCipher() {}

    static byte[] newKey() {
        byte[] key = new byte[Contents.KEY_LENGTH];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** A stream that ends the sealed bytes when it is closed, and then closes {@code sealed}. */
    static OutputStream sealing(byte[] key, byte[] preamble, String object, OutputStream sealed) throws IOException {
        try {
            return cipher(key).newEncryptingStream(sealed, binding(preamble, object));
        } catch (GeneralSecurityException e) {
            throw Failures.unexpected("object '" + object + "' cannot be sealed on this Java platform", e);
        }
    }

    static InputStream opening(byte[] key, byte[] preamble, String object, InputStream sealed) throws IOException {
        try {
            return cipher(key).newDecryptingStream(sealed, binding(preamble, object));
        } catch (GeneralSecurityException e) {
            throw Failures.unexpected("object '" + object + "' cannot be opened on this Java platform", e);
        }
    }

    private static StreamingAead cipher(byte[] key) throws GeneralSecurityException {
        return new AesGcmHkdfStreaming(key, "HmacSha256", Contents.KEY_LENGTH, SEGMENT, 0);
    }

    /** Type, version and name: the key of each stream of segments is derived from them. */
    private static byte[] binding(byte[] preamble, String object) {
        byte[] name = object.getBytes(UTF_8);
        return ByteBuffer.allocate(preamble.length + name.length)
                .put(preamble)
                .put(name)
                .array();
    }
}
