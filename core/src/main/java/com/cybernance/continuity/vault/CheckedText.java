package com.cybernance.continuity.vault;

import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few lines whose last one is the digest of the others, so that any change shows. Lines that begin with '#' are
 * comments to {@code sha256sum}, which reads the others.
 */
final class CheckedText {
    private static final String DIGEST = "# these lines: ";
    private static final int MOST = 8 << 10;

    private CheckedText() {}

    static byte[] of(List<String> lines) {
        String text = String.join("\n", lines) + "\n";
        return (text + DIGEST + Sha256.hex(text) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of a small file. */
    static byte[] read(Disk disk, Path file) throws IOException {
        try (Disk.Handle handle = disk.open(file, Disk.Access.READ)) {
            return Bytes.read(handle, 0, (int) Math.min(handle.size(), MOST));
        }
    }

    /** The lines without their digest; null when they are not what was written. */
    static @Nullable List<String> lines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int digest = text.lastIndexOf(DIGEST);
        if (digest < 1) {
            return null;
        }
        List<String> lines = List.of(text.substring(0, digest - 1).split("\n", -1));
        return Arrays.equals(of(lines), bytes) ? lines : null;
    }
}
