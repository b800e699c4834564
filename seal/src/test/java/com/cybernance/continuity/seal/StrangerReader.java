package com.cybernance.continuity.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Reads what {@code docs/format.md} describes with the JDK alone: none of the product's code, and no Tink. */
final class StrangerReader {
    private final byte[] sealed;
    private final String name;

    StrangerReader(String name, byte[] sealed) {
        this.name = name;
        this.sealed = sealed;
    }

    /** The folder of the envelopes, without the slash. */
    String folder() throws GeneralSecurityException {
        return "sealed-keys/" + HexFormat.of().formatHex(sha(sealed));
    }

    /** The content, by the online key or the recovery key, whichever unwraps. */
    byte[] open(byte[] envelope, String key, Unwrap unwrap) throws GeneralSecurityException {
        ByteBuffer secret = ByteBuffer.wrap(unwrap.open(wrapped(envelope, key), binding(envelope, key)));
        byte[] dataKey = take(secret, 32);
        long size = secret.getLong();
        byte[] digest = take(secret, 32);
        if (secret.getLong() != sealed.length || !Arrays.equals(take(secret, 32), sha(sealed))) {
            throw new GeneralSecurityException("not the envelope of these bytes");
        }
        byte[] content = segments(dataKey);
        if (content.length != size || !Arrays.equals(sha(content), digest)) {
            throw new GeneralSecurityException("not the content that was sealed");
        }
        return content;
    }

    /** Turns what was wrapped into the secret. */
    interface Unwrap {
        byte[] open(byte[] wrapped, byte[] binding) throws GeneralSecurityException;
    }

    private static byte[] wrapped(byte[] envelope, String key) throws GeneralSecurityException {
        byte[] body = Arrays.copyOf(envelope, envelope.length - 32);
        if (!Arrays.equals(sha(body), Arrays.copyOfRange(envelope, body.length, envelope.length))) {
            throw new GeneralSecurityException("rotten envelope");
        }
        ByteBuffer from = ByteBuffer.wrap(body).position(16);
        Map<String, byte[]> wraps = new TreeMap<>();
        for (int left = from.get(); left > 0; left--) {
            String id = new String(take(from, from.get() & 0xff), US_ASCII);
            wraps.put(id, take(from, from.getShort() & 0xffff));
        }
        byte[] found = wraps.get(key);
        if (found == null || from.hasRemaining()) {
            throw new GeneralSecurityException("not for this key: " + wraps.keySet());
        }
        return found;
    }

    private byte[] binding(byte[] envelope, String key) {
        return join(
                Arrays.copyOf(envelope, 16),
                new byte[] {(byte) key.length()},
                key.getBytes(US_ASCII),
                name.getBytes(UTF_8));
    }

    private byte[] segments(byte[] dataKey) throws GeneralSecurityException {
        ByteBuffer from = ByteBuffer.wrap(sealed);
        byte[] preamble = take(from, 16);
        int headerLength = from.get();
        byte[] salt = take(from, 32);
        byte[] prefix = take(from, 7);
        byte[] key = expand(hmac(salt, dataKey), join(preamble, name.getBytes(UTF_8)), 32);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int number = 0; number == 0 || from.hasRemaining(); number++) {
            int length = Math.min(from.remaining(), number == 0 ? 65_536 - headerLength : 65_536);
            byte[] segment = take(from, length);
            byte[] nonce = ByteBuffer.allocate(12)
                    .put(prefix)
                    .putInt(number)
                    .put((byte) (from.hasRemaining() ? 0 : 1))
                    .array();
            content.writeBytes(gcm(key, nonce, new byte[0], segment));
        }
        return content.toByteArray();
    }

    /** Unwraps with an online key, its 32 bytes being given. */
    static Unwrap online(byte[] key) {
        return (wrapped, binding) ->
                gcm(key, Arrays.copyOfRange(wrapped, 5, 17), binding, Arrays.copyOfRange(wrapped, 17, wrapped.length));
    }

    /** Unwraps with the recovery key, RFC 9180 in base mode, the 32 bytes of both halves being given. */
    static Unwrap recovery(byte[] secret, byte[] open) {
        return (wrapped, binding) -> {
            byte[] kem = join("KEM".getBytes(US_ASCII), new byte[] {0, 0x20});
            byte[] suite = join("HPKE".getBytes(US_ASCII), new byte[] {0, 0x20, 0, 1, 0, 2});
            byte[] enc = Arrays.copyOfRange(wrapped, 5, 37);
            byte[] prk = extract(kem, new byte[0], "eae_prk", x25519(secret, enc));
            byte[] shared = expand(prk, label(kem, "shared_secret", 32, join(enc, open)), 32);
            byte[] context = join(
                    new byte[1],
                    extract(suite, new byte[0], "psk_id_hash", new byte[0]),
                    extract(suite, new byte[0], "info_hash", binding));
            byte[] schedule = extract(suite, shared, "secret", new byte[0]);
            byte[] key = expand(schedule, label(suite, "key", 32, context), 32);
            byte[] nonce = expand(schedule, label(suite, "base_nonce", 12, context), 12);
            return gcm(key, nonce, new byte[0], Arrays.copyOfRange(wrapped, 37, wrapped.length));
        };
    }

    private static byte[] x25519(byte[] secret, byte[] open) throws GeneralSecurityException {
        byte[] big = new byte[32];
        for (int i = 0; i < 32; i++) {
            big[i] = open[31 - i];
        }
        KeyFactory keys = KeyFactory.getInstance("X25519");
        PrivateKey own = keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
        PublicKey other = keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, big)));
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(own);
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] ikm) throws GeneralSecurityException {
        byte[] key = salt.length == 0 ? new byte[32] : salt;
        return hmac(key, join("HPKE-v1".getBytes(US_ASCII), suite, label.getBytes(US_ASCII), ikm));
    }

    private static byte[] label(byte[] suite, String label, int length, byte[] info) {
        return join(new byte[] {0, (byte) length}, "HPKE-v1".getBytes(US_ASCII), suite, label.getBytes(US_ASCII), info);
    }

    /** HKDF-Expand for at most 32 bytes: its first block. */
    private static byte[] expand(byte[] prk, byte[] info, int length) throws GeneralSecurityException {
        return Arrays.copyOf(hmac(prk, join(info, new byte[] {1})), length);
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] gcm(byte[] key, byte[] nonce, byte[] aad, byte[] data) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(data);
    }

    private static byte[] sha(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] taken = new byte[length];
        from.get(taken);
        return taken;
    }

    private static byte[] join(byte[]... parts) {
        return Arrays.stream(parts)
                .collect(ByteArrayOutputStream::new, ByteArrayOutputStream::writeBytes, (a, b) -> {
                    throw new AssertionError("not in parallel");
                })
                .toByteArray();
    }
}
