package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import com.cybernance.continuity.testkit.VaultKeeperContract;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.DirectoryVaultKeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper of a sealed vault is a keeper, and keeps the envelopes too. */
class SealedKeeperContractTest extends VaultKeeperContract {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    @BeforeEach
    void begin() throws IOException {
        keys = TestKeys.make(temporary);
    }

    private Path directory() {
        return temporary.resolve("vault");
    }

    private DirectoryVault inner() {
        return DirectoryVault.initialize("sealed", directory());
    }

    private DirectoryVaultKeeper innerKeeper() {
        return DirectoryVaultKeeper.at("sealed", directory(), this::now);
    }

    @Override
    protected Vault vault() {
        return SealedVault.around(inner(), keys.ring());
    }

    @Override
    protected VaultKeeper keeper(Vault vault) {
        return SealedKeeper.around(inner(), innerKeeper());
    }

    @Override
    protected Instant now() {
        return NOW;
    }

    @Test
    void envelopes_areLockedAndHeldWithTheirObject() {
        Vault vault = vault();
        write(vault, "a", new byte[10]);
        String envelope = Envelopes.of(inner(), inner().find("a").orElseThrow()).get(0);
        keeper(vault).lockUntil("a", NOW.plusSeconds(60));
        keeper(vault).hold("a", "audit");

        assertThat(innerKeeper().lockedUntil(envelope)).contains(NOW.plusSeconds(60));
        assertThat(innerKeeper().holds(envelope)).containsExactly("audit");
        assertThatThrownBy(() -> innerKeeper().delete(envelope)).hasMessageContaining(envelope);
    }

    @Test
    void lock_afterARewrap_isThatOfTheOlderEnvelope_untilItIsRepeated() {
        write(vault(), "a", new byte[10]);
        Instant later = NOW.plus(Duration.ofDays(1));
        VaultKeeper keeper = keeper(vault());
        keeper.lockUntil("a", later);
        KeyFiles.rotate(keys.online());
        SealedVault.around(inner(), keys.ring()).rewrap("a");
        String newest = Envelopes.of(inner(), inner().find("a").orElseThrow()).get(0);

        assertThat(keeper.lockedUntil("a")).contains(later);
        assertThat(innerKeeper().lockedUntil(newest)).isEqualTo(Optional.empty());
        keeper.lockUntil("a", later);
        assertThat(innerKeeper().lockedUntil(newest)).contains(later);
    }

    @Test
    void delete_leavesNothing_andTakesForeignObjectsToo() {
        Vault vault = vault();
        write(vault, "a", new byte[10]);
        write(inner(), "foreign", new byte[10]);

        keeper(vault).delete("a");
        keeper(vault).delete("foreign");

        assertThat(Content.names(inner(), "")).isEmpty();
        assertThatThrownBy(() -> keeper(vault).delete("sealed-keys/a"))
                .hasMessageContaining("belongs to the envelopes");
    }
}
