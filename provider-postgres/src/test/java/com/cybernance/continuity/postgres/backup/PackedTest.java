package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.postgres.pipe.WriteBehind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import com.cybernance.continuity.vault.DirectoryVault;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedTest {
    @TempDir
    private Path directory;

    /** The machine has no thread left: first for storing, then for packing. */
    @Test
    void threadThatCannotBeStarted_leavesNoThreadAndNoDraftBehind() throws Exception {
        DirectoryVault vault = DirectoryVault.initialize("v", directory);
        for (int begun = 0; begun < 2; begun++) {
            AtomicInteger left = new AtomicInteger(begun);

            assertThatThrownBy(() -> new Packed(vault, "a/leaking", 3, (name, below) -> {
                        if (left.getAndDecrement() == 0) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        return new WriteBehind(name, below);
                    }))
                    .isInstanceOf(OutOfMemoryError.class);

            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(each -> each.getName().contains("a/leaking"));
            try (var drafts = Files.list(directory.resolve(".drafts"))) {
                assertThat(drafts).isEmpty();
            }
        }
    }

    /** More than the threads and the compressor have on their way. */
    @Test
    void vaultWithoutRoom_isSaidToHaveNone_howeverMuchFollows() {
        Vault full = new ForwardingVault(DirectoryVault.initialize("v", directory)) {
            @Override
            public Draft create(String object) {
                Draft draft = super.create(object);
                return new Draft() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public Stored commit() {
                        return draft.commit();
                    }

                    @Override
                    public void close() {
                        draft.close();
                    }
                };
            }
        };
        byte[] bytes = new byte[12 << 20];
        new Random(7).nextBytes(bytes);

        assertThatThrownBy(() -> {
                    try (Packed packed = new Packed(full, "a", 3)) {
                        packed.write(bytes);
                        packed.commit();
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device")
                .hasNoSuppressedExceptions();
    }

    @Test
    void whatWasWrittenInAnyPieces_isUnpackedAgain() throws Exception {
        DirectoryVault vault = DirectoryVault.initialize("v", directory);
        byte[] bytes = new byte[1_500_001];
        new Random(7).nextBytes(bytes);
        try (Packed packed = new Packed(vault, "a", 3)) {
            packed.write(bytes[0]);
            packed.write(bytes, 1, 700_000);
            packed.write(bytes, 700_001, 800_000);

            assertThat(packed.commit().name()).isEqualTo("a");
        }

        try (InputStream in = new ZstdInputStream(vault.open("a"))) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }
}
