package com.cybernance.continuity.examples.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file for machines: there when a run has come to its end, and whole; otherwise not there. */
final class JsonFile {
    private final Path file;

    JsonFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** Whether it can be written, as far as that can be told without writing. Touches nothing. */
    boolean writable() {
        Path directory = file.getParent();
        boolean free = Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
                || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        return free && directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
    }

    /** Takes away what an earlier run wrote, so that nobody reads it as the outcome of this one. */
    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    /** All of it at once: readers never see a part. */
    void write(String text) throws IOException {
        Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
