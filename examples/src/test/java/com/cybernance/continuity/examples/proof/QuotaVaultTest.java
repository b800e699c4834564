package com.cybernance.continuity.examples.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.VaultContract;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault like any other, until its disk is full. */
class QuotaVaultTest extends VaultContract {
    @TempDir
    private Path directory;

    @Override
    protected Vault vault() {
        try {
            Path home = Files.createTempDirectory(directory, "disk").resolve("east");
            return QuotaVault.around(DirectoryVault.initialize("east", home), home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Optional<Vault> brokenVault() {
        try {
            Path home = Files.createTempDirectory(directory, "disk").resolve("gone");
            return Optional.of(QuotaVault.around(DirectoryVault.at("gone", home), home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void write_beyondTheQuota_failsAsOnAFullDiskAndLeavesNothing() throws Exception {
        Path home = directory.resolve("east");
        Vault vault = QuotaVault.around(DirectoryVault.initialize("east", home), home);
        put(vault, "kept");
        Files.writeString(directory.resolve("east.quota"), "1");

        assertThatThrownBy(() -> put(vault, "refused"))
                .isInstanceOfSatisfying(ContinuityException.class, full -> assertThat(full.kind())
                        .isEqualTo(FailureKind.UNEXPECTED))
                .hasMessageContaining("vault east: writing object 'refused' failed: no space left");

        assertThat(vault.find("refused")).isEmpty();
        try (InputStream kept = vault.open("kept")) {
            assertThat(new String(kept.readAllBytes(), UTF_8)).isEqualTo("content");
        }
        Files.writeString(directory.resolve("east.quota"), "1000000");
        put(vault, "refused");
        assertThat(vault.find("refused")).isPresent();
    }

    private static void put(Vault vault, String object) throws IOException {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write("content".getBytes(UTF_8));
            draft.commit();
        }
    }
}
