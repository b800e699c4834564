package com.cybernance.continuity.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One envelope: the same secret, wrapped once for each key. Says nothing of what it holds until a key opens it. */
final class Envelope {
    /** In bytes; {@link KeyIds#MOST} wrapped secrets of the greatest length need less. */
    static final int LIMIT = 1 << 20;

    private static final int DIGEST_LENGTH = 32;

    private final byte[] preamble;
    private final Map<String, byte[]> wraps;

    private Envelope(byte[] preamble, Map<String, byte[]> wraps) {
        this.preamble = preamble;
        this.wraps = wraps;
    }

    static Envelope seal(String object, Contents contents, KeyRing keys) {
        byte[] secret = contents.bytes();
        byte[] preamble = Preamble.ENVELOPE.bytes();
        try {
            Map<String, byte[]> wraps = new LinkedHashMap<>();
            for (String key : keys.sealsFor()) {
                byte[] wrapped = keys.wrap(key, secret, binding(preamble, key, object));
                if (wrapped.length > 0xffff) {
                    throw new ContinuityException(
                            FailureKind.UNSUPPORTED,
                            "the key ring makes " + wrapped.length + " bytes of a secret for key " + key
                                    + ", expected at most 65535",
                            "tell the author of the key ring");
                }
                wraps.put(key, wrapped);
            }
            return new Envelope(preamble, wraps);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** What a wrapped secret is bound to: type and version, the key's id, and the object's name. */
    private static byte[] binding(byte[] preamble, String key, String object) {
        byte[] id = key.getBytes(US_ASCII);
        byte[] name = object.getBytes(UTF_8);
        return ByteBuffer.allocate(preamble.length + 1 + id.length + name.length)
                .put(preamble)
                .put((byte) id.length)
                .put(id)
                .put(name)
                .array();
    }

    /** The ids of the keys that open it, the online one first. */
    List<String> keys() {
        return List.copyOf(wraps.keySet());
    }

    Contents open(String object, KeyRing keys, String what) {
        List<ContinuityException> failures = new ArrayList<>();
        for (Map.Entry<String, byte[]> wrap : wraps.entrySet()) {
            String key = wrap.getKey();
            if (!keys.opens(key)) {
                continue;
            }
            try {
                byte[] secret = keys.unwrap(key, wrap.getValue(), binding(preamble, key, object));
                try {
                    return Contents.of(secret, what);
                } finally {
                    Arrays.fill(secret, (byte) 0);
                }
            } catch (ContinuityException e) {
                failures.add(e);
            }
        }
        if (failures.isEmpty()) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    what + " is sealed for " + keys() + ", and the key ring at hand opens none of these keys",
                    "give back the first of these keys, or open with the recovery key ring");
        }
        throw Failures.noneOpens(what, failures);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(preamble);
        bytes.write(wraps.size());
        wraps.forEach((key, wrapped) -> {
            bytes.write(key.length());
            bytes.writeBytes(key.getBytes(US_ASCII));
            bytes.write(wrapped.length >>> 8);
            bytes.write(wrapped.length);
            bytes.writeBytes(wrapped);
        });
        bytes.writeBytes(Sha256.begin().digest(bytes.toByteArray()));
        return bytes.toByteArray();
    }

    static Envelope read(byte[] bytes, String what) {
        byte[] preamble = Arrays.copyOf(bytes, Math.min(bytes.length, Preamble.LENGTH));
        Preamble.ENVELOPE.check(preamble, what);
        int end = bytes.length - DIGEST_LENGTH;
        if (end < Preamble.LENGTH
                || !Arrays.equals(
                        Sha256.begin().digest(Arrays.copyOf(bytes, end)),
                        Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw Failures.corrupt(what + " does not end with the digest of its content");
        }
        ByteBuffer from = ByteBuffer.wrap(bytes, Preamble.LENGTH, end - Preamble.LENGTH);
        try {
            Map<String, byte[]> wraps = new LinkedHashMap<>();
            for (int left = Byte.toUnsignedInt(from.get()); left > 0; left--) {
                String key = new String(take(from, Byte.toUnsignedInt(from.get())), US_ASCII);
                wraps.put(KeyIds.check(key, what), take(from, Short.toUnsignedInt(from.getShort())));
            }
            if (!from.hasRemaining()) {
                return new Envelope(preamble, wraps);
            }
        } catch (BufferUnderflowException e) {
            throw Failures.corrupt(what + " ends within a wrapped key", e);
        }
        throw Failures.corrupt(what + " goes on for " + from.remaining() + " bytes after its last wrapped key");
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] taken = new byte[length];
        from.get(taken);
        return taken;
    }
}
