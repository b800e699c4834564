package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Not one byte more fits on the disk of one vault. What is on it stays. */
final class VaultDiskFull extends Described {
    private final VaultFiles vault;
    private String before = "";

    VaultDiskFull(VaultFiles vault, Moves mustMove) {
        super(
                "vault-disk-full",
                "the disk of one vault has no room left (its quota is what is on it already)",
                mustMove);
        this.vault = vault;
    }

    /** The log may pause for a minute. */
    @Override
    public Duration patience() {
        return Sabotages.LONGER_THAN_THE_LOG_MAY_PAUSE;
    }

    @Override
    public void breakIt() throws IOException {
        String quota = Replaced.read(quota());
        before = quota;
        Replaced.write(quota(), Long.toString(vault.bytes()));
    }

    @Override
    public void repair() throws IOException {
        if (!before.isEmpty()) {
            Replaced.write(quota(), before);
        }
    }

    private Path quota() {
        return vault.beside("quota");
    }
}
