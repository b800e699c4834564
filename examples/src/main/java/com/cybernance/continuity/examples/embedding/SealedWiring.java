package com.cybernance.continuity.examples.embedding;

import com.cybernance.continuity.seal.KeyFiles;
import com.cybernance.continuity.seal.LocalKeyRing;
import com.cybernance.continuity.seal.RecoveryKeyRing;
import com.cybernance.continuity.seal.SealedVault;
import com.cybernance.continuity.spi.Vault;
import java.nio.file.Path;

/** How a vault is sealed, how its keys are changed, and how it is opened when the platform's keys are gone. */
public final class SealedWiring {
    private SealedWiring() {}

    /**
     * Makes the keys, once.
     *
     * @param platform a directory on the platform
     * @param medium a directory on something that is carried away
     */
    public static void makeKeys(Path platform, Path medium) {
        // snippet:make-keys
        KeyFiles.make(
                platform.resolve("online.json"),
                platform.resolve("recovery-public.json"),
                medium.resolve("recovery-private.json"));
        // end
    }

    /** The vault as everybody on the platform uses it. */
    public static Vault onThePlatform(Vault vault, Path platform) {
        // snippet:seal
        LocalKeyRing keys =
                LocalKeyRing.open(platform.resolve("online.json"), platform.resolve("recovery-public.json"));
        return SealedVault.around(vault, keys);
        // end
    }

    /** Changes the online key. */
    public static void changeKey(Vault vault, Path platform) {
        // snippet:change-key
        Path online = platform.resolve("online.json");
        Path recovery = platform.resolve("recovery-public.json");
        String before = LocalKeyRing.open(online, recovery).sealsFor().get(0);
        KeyFiles.rotate(online);
        SealedVault sealed = SealedVault.around(vault, LocalKeyRing.open(online, recovery));
        sealed.list("", each -> sealed.rewrap(each.name()));
        KeyFiles.disable(online, before);
        // end
    }

    /** The vault as it is opened where the platform's keys are lost or no longer trusted. */
    public static Vault inAnEmergency(Vault vault, Path medium) {
        // snippet:recovery-key
        return SealedVault.around(vault, RecoveryKeyRing.open(medium.resolve("recovery-private.json")));
        // end
    }
}
