package com.cybernance.continuity.testkit.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.VaultReadingContract;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVaultReadingTest extends VaultReadingContract {
    private static final int QUIET_LOOKS = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private int made;

    /** What an interrupted call began is cleared away by the vault's own thread a moment later; then the folder can go. */
    @AfterEach
    void draftsAreGone() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        for (int quiet = 0; quiet < QUIET_LOOKS; quiet = drafts() ? 0 : quiet + 1) {
            assertThat(System.nanoTime() - end)
                    .as("drafts are left in %s", root())
                    .isNegative();
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private boolean drafts() throws IOException {
        Path drafts = root().resolve(".drafts");
        if (!Files.exists(drafts)) {
            return false;
        }
        try (Stream<Path> below = Files.walk(drafts)) {
            return below.anyMatch(each -> Files.isRegularFile(each) && !each.endsWith("lock"));
        } catch (UncheckedIOException changing) {
            return true;
        }
    }

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
