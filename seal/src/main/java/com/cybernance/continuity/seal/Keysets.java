package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The two kinds of keys that this package uses, and what it demands of a keyset. */
final class Keysets {
    static final AesGcmParameters ONLINE;
    static final HpkeParameters RECOVERY;

    static {
        try {
            AeadConfig.register();
            HybridConfig.register();
            ONLINE = AesGcmParameters.builder()
                    .setKeySizeBytes(32)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.TINK)
                    .build();
            RECOVERY = HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.TINK)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink cannot be used on this Java platform", e);
        }
    }

    private Keysets() {}

    /** Here, where the kinds of keys were registered before: unregistered ones are not refused but parsed as unknown. */
    static KeysetHandle parse(String json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
    }

    /** With its secrets, in the form that {@link #parse} reads. */
    static String write(KeysetHandle keys) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get());
    }

    static void requireOnline(KeysetHandle keys, Path file) {
        require(
                keys,
                file,
                key -> key instanceof AesGcmKey && key.getParameters().equals(ONLINE),
                "AES-256-GCM");
    }

    static void requireRecoveryPublic(KeysetHandle keys, Path file) {
        require(
                keys,
                file,
                key -> key instanceof HpkePublicKey && key.getParameters().equals(RECOVERY),
                "public HPKE (X25519, HKDF-SHA256, AES-256-GCM)");
    }

    static void requireRecoveryPrivate(KeysetHandle keys, Path file) {
        require(
                keys,
                file,
                key -> key instanceof HpkePrivateKey && key.getParameters().equals(RECOVERY),
                "private HPKE (X25519, HKDF-SHA256, AES-256-GCM)");
    }

    private static void require(KeysetHandle keys, Path file, Predicate<Key> good, String kind) {
        if (noPrimary(keys)) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "key file " + file + " has no primary key that is enabled",
                    "make one of its keys the primary one, or add a new one");
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!good.test(keys.getAt(i).getKey())) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "key file " + file + " holds a key that is not of the kind " + kind
                                + " with Tink's prefix, as number " + (i + 1),
                        "look whether another key file was meant");
            }
        }
    }

    private static boolean noPrimary(KeysetHandle keys) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.getAt(i).isPrimary() && keys.getAt(i).getStatus() == KeyStatus.ENABLED) {
                return false;
            }
        }
        return true;
    }

    /** The ids of all keys and whether each is enabled. */
    static Map<String, Boolean> ids(KeysetHandle keys, String prefix) {
        Map<String, Boolean> ids = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            ids.put(prefix + id(keys.getAt(i)), keys.getAt(i).getStatus() == KeyStatus.ENABLED);
        }
        return ids;
    }

    static String primary(KeysetHandle keys, String prefix) {
        return prefix + id(keys.getPrimary());
    }

    private static String id(KeysetHandle.Entry entry) {
        return "%08x".formatted(entry.getId());
    }

    static <P> P primitive(KeysetHandle keys, Class<P> type, Path file) {
        try {
            return keys.getPrimitive(RegistryConfiguration.get(), type);
        } catch (GeneralSecurityException e) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the keys in " + file + " cannot be used on this Java platform",
                    "look at the cause",
                    e);
        }
    }
}
