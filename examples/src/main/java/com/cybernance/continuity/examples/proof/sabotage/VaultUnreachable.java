package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The vault in another place does not answer: the directory that it is in is not mounted any more. */
final class VaultUnreachable extends Described {
    private final VaultFiles vault;

    VaultUnreachable(VaultFiles vault, Moves mustMove) {
        super("offsite-vault-unreachable", "nothing is where the offsite vault was (its directory renamed)", mustMove);
        this.vault = vault;
    }

    @Override
    public void breakIt() throws IOException {
        Files.move(vault.directory(), away());
    }

    @Override
    public void repair() throws IOException {
        if (Files.exists(away())) {
            Files.move(away(), vault.directory());
        }
    }

    private Path away() {
        return vault.beside("away");
    }
}
