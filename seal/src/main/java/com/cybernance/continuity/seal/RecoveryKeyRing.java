package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.KeysetHandle;
import java.nio.file.Path;
import java.util.List;

/**
 * The private half of the recovery key, from a file that lies on no host of the platform. It opens and never seals. The
 * file is read once. Safe for use by many threads.
 */
public final class RecoveryKeyRing implements KeyRing {
    static final String RECOVERY = "recovery-";

    private final OpeningKeys opens;
    private final HybridDecrypt decrypt;

    private RecoveryKeyRing(Path file, KeysetHandle keys) {
        this.opens =
                new OpeningKeys(Keysets.ids(keys, RECOVERY), "take the recovery key for which the object was sealed");
        this.decrypt = Keysets.primitive(keys, HybridDecrypt.class, file);
    }

    /**
     * Reads the file.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} or {@code MISCONFIGURED} when it is missing, holds something
     *     else, or may be read by others
     */
    public static RecoveryKeyRing open(Path recoveryPrivate) {
        KeysetHandle keys = KeyFiles.read(recoveryPrivate);
        Keysets.requireRecoveryPrivate(keys, recoveryPrivate);
        return new RecoveryKeyRing(recoveryPrivate, keys);
    }

    @Override
    public List<String> sealsFor() {
        return List.of();
    }

    @Override
    public boolean opens(String key) {
        return opens.opens(key);
    }

    @Override
    public byte[] wrap(String key, byte[] secret, byte[] binding) {
        throw new ContinuityException(
                FailureKind.DENIED, "key " + key + " does not seal in a recovery key ring", "seal on the platform");
    }

    @Override
    public byte[] unwrap(String key, byte[] wrapped, byte[] binding) {
        return opens.unwrap(key, () -> decrypt.decrypt(wrapped, binding));
    }

    /** The ids of its keys. */
    @Override
    public String toString() {
        return "recovery key ring that opens " + opens;
    }
}
