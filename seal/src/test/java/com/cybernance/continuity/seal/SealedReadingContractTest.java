package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.VaultReadingContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Reads are honest even where the vault below checks nothing. */
class SealedReadingContractTest extends VaultReadingContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    private MemoryVault memory = new MemoryVault();

    @BeforeEach
    void begin() throws IOException {
        keys = TestKeys.make(temporary);
    }

    @Override
    protected Vault vault() {
        memory = new MemoryVault();
        return SealedVault.around(memory, keys.ring());
    }

    @Override
    protected Optional<Damage> damage() {
        return Optional.of((vault, object, content) -> memory.rot(object, content));
    }
}
