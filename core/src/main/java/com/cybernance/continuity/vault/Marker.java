package com.cybernance.continuity.vault;

import com.cybernance.continuity.internal.disk.CreateOnce;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The file that tells a vault's directory from an empty mount point. */
final class Marker {
    static final String FILE = ".continuity-vault";

    private static final String KIND = "# continuity vault, format ";
    private static final String VERSION = "1";
    private static final String NAME = "# name: ";
    private static final String ID = "# id: ";

    private Marker() {}

    /** Publishes a marker, unless somebody else was faster. */
    static void publish(Disk disk, Path root, String vault) throws IOException {
        List<String> lines = List.of(KIND + VERSION, NAME + vault, ID + UUID.randomUUID());
        try {
            CreateOnce.publish(disk, root.resolve(FILE), List.of(CheckedText.of(lines)));
        } catch (FileAlreadyExistsException e) {
            // Whoever reads it next sees whose vault it is.
        }
    }

    /** Whose vault a directory is; null without a marker. */
    static @Nullable String read(VaultRoot vault) throws IOException {
        Path file = vault.root().resolve(FILE);
        byte[] bytes;
        try {
            bytes = CheckedText.read(vault.disk(), file);
        } catch (NoSuchFileException e) {
            return null;
        }
        List<String> lines = CheckedText.lines(bytes);
        if (lines == null || lines.size() != 3 || !lines.get(0).startsWith(KIND)) {
            throw vault.corrupt("its marker " + file + " is not what was written");
        }
        String version = lines.get(0).substring(KIND.length());
        if (!version.equals(VERSION)) {
            throw vault.unsupported("it has format version " + version);
        }
        return lines.get(1).substring(NAME.length());
    }
}
