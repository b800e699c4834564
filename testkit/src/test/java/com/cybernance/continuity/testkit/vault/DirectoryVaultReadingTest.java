package com.cybernance.continuity.testkit.vault;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.VaultReadingContract;
import com.cybernance.continuity.vault.DirectoryVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVaultReadingTest extends VaultReadingContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private int made;

    private Path root() {
        return temporary.resolve("vault" + made);
    }

    @Override
    protected Vault vault() {
        made++;
        return DirectoryVault.initialize("offsite", root());
    }

    @Override
    protected Optional<Damage> damage() {
        return Optional.of(
                (vault, object, content) -> Files.write(root().resolve(object).resolve("content"), content));
    }
}
