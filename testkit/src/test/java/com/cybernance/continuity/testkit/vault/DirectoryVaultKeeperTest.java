package com.cybernance.continuity.testkit.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import com.cybernance.continuity.testkit.VaultKeeperContract;
import com.cybernance.continuity.testkit.VirtualTime;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.DirectoryVaultKeeper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVaultKeeperTest extends VaultKeeperContract {
    private final VirtualTime time = VirtualTime.at("2026-11-25T10:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private Path root() {
        return temporary.resolve("vault");
    }

    @Override
    protected Vault vault() {
        return DirectoryVault.initialize("offsite", root());
    }

    @Override
    protected VaultKeeper keeper(Vault vault) {
        return DirectoryVaultKeeper.at(vault.name(), root(), time);
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    @Test
    void lock_endsAtItsMoment() throws IOException {
        Vault vault = vault();
        vault.create("a").commit();
        VaultKeeper keeper = keeper(vault);
        keeper.lockUntil("a", now().plusSeconds(60));

        time.advance(Duration.ofNanos(59_999_999_999L));
        assertThat(catchThrowableOfType(ContinuityException.class, () -> keeper.delete("a")))
                .hasMessageContaining("locked until 2026-11-25T10:01:00Z, and it is 2026-11-25T10:00:59.999999999Z");
        time.advance(Duration.ofNanos(1));
        keeper.delete("a");
        assertThat(root().resolve("a")).doesNotExist();
        assertThat(root().resolve(".drafts")).isEmptyDirectory();
    }

    @Test
    void lock_thatNamesNoMoment_refusesDeletion() throws IOException {
        Vault vault = vault();
        vault.create("a").commit();
        Files.createFile(root().resolve("a/lock.forever"));

        assertThat(catchThrowableOfType(
                        ContinuityException.class, () -> keeper(vault).delete("a")))
                .hasMessageContaining("a lock that names no moment")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(vault.find("a")).isPresent();
    }

    @Test
    void lock_ofTheGreatestMoment_isKept() {
        Vault vault = vault();
        vault.create("a").commit();

        for (Instant moment : new Instant[] {Instant.MIN, Instant.EPOCH.minusNanos(1), Instant.MAX}) {
            keeper(vault).lockUntil("a", moment);
            assertThat(keeper(vault).lockedUntil("a")).contains(moment);
        }
    }

    @Test
    void delete_whileSomebodyReads_letsThemReadOn() throws IOException {
        Vault vault = vault();
        byte[] content = new byte[1 << 20];
        try (Vault.Draft draft = vault.create("a")) {
            draft.write(content);
            draft.commit();
        }
        try (InputStream in = vault.open("a")) {
            keeper(vault).delete("a");

            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }
}
