package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * The keys of a platform from two files: online keys, of which the primary one seals and every enabled one opens,
 * and the public half of the recovery key. Ids are {@code online-} or {@code recovery-} and Tink's id of the key in 8 hex
 * digits. A key that is disabled in the file or no longer in it opens nothing.
 *
 * <p>The public half is no secret, but whoever has it and may write to a vault can make objects that the recovery key
 * opens. So its file is as private as the other. The files are read once. Safe for use by many threads.
 */
public final class LocalKeyRing implements KeyRing {
    static final String ONLINE = "online-";

    private final String online;
    private final String recovery;
    private final OpeningKeys opens;
    private final Aead aead;
    private final HybridEncrypt encrypt;

    private LocalKeyRing(Path onlineFile, KeysetHandle onlineKeys, Path recoveryFile, KeysetHandle recoveryKeys) {
        this.online = Keysets.primary(onlineKeys, ONLINE);
        this.recovery = Keysets.primary(recoveryKeys, RecoveryKeyRing.RECOVERY);
        this.opens =
                new OpeningKeys(Keysets.ids(onlineKeys, ONLINE), "enable it again, or open with the recovery key ring");
        this.aead = Keysets.primitive(onlineKeys, Aead.class, onlineFile);
        this.encrypt = Keysets.primitive(recoveryKeys, HybridEncrypt.class, recoveryFile);
    }

    /**
     * Reads both files.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} or {@code MISCONFIGURED} when one is missing, holds
     *     something else (a private recovery key among that), or may be read by others
     */
    public static LocalKeyRing open(Path online, Path recoveryPublic) {
        KeysetHandle onlineKeys = KeyFiles.read(online);
        Keysets.requireOnline(onlineKeys, online);
        KeysetHandle recoveryKeys = KeyFiles.read(recoveryPublic);
        Keysets.requireRecoveryPublic(recoveryKeys, recoveryPublic);
        return new LocalKeyRing(online, onlineKeys, recoveryPublic, recoveryKeys);
    }

    @Override
    public List<String> sealsFor() {
        return List.of(online, recovery);
    }

    @Override
    public boolean opens(String key) {
        return opens.opens(key);
    }

    @Override
    public byte[] wrap(String key, byte[] secret, byte[] binding) {
        try {
            if (key.equals(online)) {
                return aead.encrypt(secret, binding);
            }
            if (key.equals(recovery)) {
                return encrypt.encrypt(secret, binding);
            }
        } catch (GeneralSecurityException e) {
            throw Failures.unexpected("key " + key + " cannot wrap", e);
        }
        throw new ContinuityException(
                FailureKind.DENIED, "key " + key + " does not seal in this key ring", "seal for " + sealsFor());
    }

    @Override
    public byte[] unwrap(String key, byte[] wrapped, byte[] binding) {
        return opens.unwrap(key, () -> aead.decrypt(wrapped, binding));
    }

    /** The ids of its keys. */
    @Override
    public String toString() {
        return "key ring that seals for " + sealsFor() + " and opens " + opens;
    }
}
