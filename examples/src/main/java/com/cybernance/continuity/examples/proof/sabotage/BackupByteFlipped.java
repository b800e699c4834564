package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A disk has turned one bit in the middle of a base backup: its size, its time and its record are as they were. */
final class BackupByteFlipped extends Described {
    private final VaultFiles vault;
    private @Nullable Path flipped;

    BackupByteFlipped(VaultFiles vault, Moves mustMove) {
        super("backup-byte-flipped", "one byte in the middle of a base backup in one vault is another one", mustMove);
        this.vault = vault;
    }

    @Override
    public Duration patience() {
        return Sabotages.UNTIL_ALL_WAS_READ;
    }

    @Override
    public void breakIt() throws IOException {
        Path content = vault.newest(each -> each.contains("/base/") && each.endsWith(".tar.zst"), Duration.ZERO)
                .resolve("content");
        flip(content);
        flipped = content;
    }

    @Override
    public void repair() throws IOException {
        if (flipped != null) {
            flip(flipped);
            flipped = null;
        }
    }

    private static void flip(Path content) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(content.toFile(), "rw")) {
            long middle = file.length() / 2;
            file.seek(middle);
            int before = file.read();
            file.seek(middle);
            file.write(before ^ 1);
        }
    }
}
