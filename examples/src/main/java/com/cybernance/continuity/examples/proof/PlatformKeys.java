package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.seal.KeyFiles;
import com.cybernance.continuity.seal.LocalKeyRing;
import com.cybernance.continuity.seal.RecoveryKeyRing;
import com.cybernance.continuity.spi.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The keys of the platform, from their files at every use: a key that was revoked a moment ago opens and seals nothing,
 * as with a service that keeps keys for others.
 */
final class PlatformKeys implements KeyRing {
    private final Path online;
    private final Path recoveryPublic;
    private final Path recoveryPrivate;
    private final List<String> ids;

    private PlatformKeys(Path run) throws IOException {
        Path platform = Files.createDirectory(run.resolve("keys"));
        Path medium = Files.createDirectory(run.resolve("carried-away"));
        online = platform.resolve("online.json");
        recoveryPublic = platform.resolve("recovery-public.json");
        recoveryPrivate = medium.resolve("recovery-private.json");
        KeyFiles.make(online, recoveryPublic, recoveryPrivate);
        ids = now().sealsFor();
    }

    /** Makes new keys in a run's directory. */
    static PlatformKeys make(Path run) throws IOException {
        return new PlatformKeys(run);
    }

    private LocalKeyRing now() {
        return LocalKeyRing.open(online, recoveryPublic);
    }

    /** The id of the online key. */
    String onlineId() {
        return ids.get(0);
    }

    /** The id of the recovery key. */
    String recoveryId() {
        return ids.get(1);
    }

    /** What somebody has who comes with the recovery key, and with nothing of the platform. */
    KeyRing recovery() {
        return RecoveryKeyRing.open(recoveryPrivate);
    }

    @Override
    public List<String> sealsFor() {
        return ids;
    }

    @Override
    public boolean opens(String key) {
        return key.equals(onlineId());
    }

    @Override
    public byte[] wrap(String key, byte[] secret, byte[] binding) {
        return usable(key).wrap(key, secret, binding);
    }

    @Override
    public byte[] unwrap(String key, byte[] wrapped, byte[] binding) {
        return usable(key).unwrap(key, wrapped, binding);
    }

    private KeyRing usable(String key) {
        try {
            return now();
        } catch (ContinuityException unusable) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "key %s cannot be used: %s".formatted(key, withoutHint(unusable)),
                    "have it enabled again, or open with the recovery key",
                    unusable);
        }
    }

    private static String withoutHint(ContinuityException failure) {
        String message = String.valueOf(failure.getMessage());
        int hint = message.indexOf(". Hint: ");
        return hint < 0 ? message : message.substring(0, hint);
    }

    @Override
    public String toString() {
        return "key ring of " + ids;
    }
}
