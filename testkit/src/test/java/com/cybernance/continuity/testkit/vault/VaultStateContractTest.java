package com.cybernance.continuity.testkit.vault;

import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.StateStoreContract;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.VaultState;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The same demands on the library's records in a vault. */
class VaultStateContractTest {
    @Nested
    class InADirectoryVault extends StateStoreContract {
        @TempDir
        @SuppressWarnings("NullAway.Init") // JUnit sets it
        private Path temporary;

        @Override
        protected StateStore store() {
            return VaultState.in(DirectoryVault.initialize("offsite", temporary.resolve("vault")), "state");
        }
    }

    @Nested
    class InMemory extends StateStoreContract {
        private final Vault vault = new MemoryVault();

        @Override
        protected StateStore store() {
            return VaultState.in(vault, "a/b/c/d");
        }
    }
}
