package com.cybernance.continuity.postgres.recover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Writing that is on disk when it returns, readable by its owner alone.
 *
 * @param disk where
 */
record Durable(RestoreDisk disk) {
    /** A reader sees the old content, the new content or no file, never half of one. */
    void write(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        disk.delete(fresh);
        try (RestoreDisk.Output output = disk.create(fresh)) {
            output.write(0, content, 0, content.length);
            output.force();
        }
        disk.move(fresh, file);
        disk.forceDirectory(parent(file));
    }

    void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a directory that must not be there. */
    void directory(Path directory) throws IOException {
        disk.createDirectory(directory);
        disk.forceDirectory(parent(directory));
    }

    private static Path parent(Path path) throws NoSuchFileException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new NoSuchFileException("nothing holds " + path);
        }
        return parent;
    }
}
