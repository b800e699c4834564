package com.cybernance.continuity.testkit.vault;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.VaultContract;
import com.cybernance.continuity.vault.DirectoryVault;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVaultContractTest extends VaultContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Override
    protected Vault vault() {
        return DirectoryVault.initialize("offsite", temporary.resolve("vault"));
    }

    @Override
    protected Optional<Vault> brokenVault() {
        return Optional.of(DirectoryVault.at("offsite", temporary));
    }
}
