package com.cybernance.continuity.internal.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Gives a name to a whole and durable file, or to none. */
public final class CreateOnce {
    private CreateOnce() {}

    /**
     * Writes a draft, forces it, then links the name to it: the one step that both fails if the name is taken and never
     * shows half a file.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken; then it is durable, too
     */
    public static void publish(Disk disk, Path file, List<byte[]> parts) throws IOException {
        Path draft = file.resolveSibling(".draft-" + UUID.randomUUID());
        Path directory = parent(file);
        try (Disk.Handle handle = disk.open(draft, Disk.Access.CREATE)) {
            write(handle, parts);
            disk.link(draft, file);
        } finally {
            discard(disk, draft);
            disk.forceDirectory(directory);
        }
    }

    private static void write(Disk.Handle handle, List<byte[]> parts) throws IOException {
        long end = 0;
        for (byte[] part : parts) {
            Bytes.write(handle, part, end);
            end += part.length;
        }
        handle.force();
        end = 0;
        for (byte[] part : parts) {
            Bytes.readBack(handle, part, end);
            end += part.length;
        }
    }

    /** A draft that cannot be removed is litter, not a failure. */
    private static void discard(Disk disk, Path draft) {
        try {
            disk.delete(draft);
        } catch (IOException e) {
            // Drafts have names that no document can have.
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file that is published lies in a directory: " + file);
        }
        return parent;
    }
}
