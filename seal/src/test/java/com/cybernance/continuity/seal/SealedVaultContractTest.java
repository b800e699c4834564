package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.VaultContract;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A sealed vault is a vault. */
class SealedVaultContractTest extends VaultContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    private int vaults;

    @BeforeEach
    void begin() throws IOException {
        keys = TestKeys.make(temporary);
    }

    @Override
    protected Vault vault() {
        return SealedVault.around(
                DirectoryVault.initialize("sealed", temporary.resolve("vault-" + vaults++)), keys.ring());
    }

    @Override
    protected Optional<Vault> brokenVault() {
        return Optional.of(SealedVault.around(DirectoryVault.at("sealed", temporary.resolve("none")), keys.ring()));
    }
}
