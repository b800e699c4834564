package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object that has no name yet. Writing it out: content, forced and read back; record, forced and read back;
 * directory, forced; then one rename onto the name, and all directories above it forced. A long content is forced part by
 * part while it is written, and what was forced is read back behind that, so that little is left to do at the end. Each
 * step holds the lock of this object, because a task may outlive the call that it was made for.
 */
final class DraftFiles {
    /** Of the vault's buffers: 16 MiB. */
    private static final int FORCED_AT_ONCE = 64;

    private final VaultRoot vault;
    private final Disk disk;
    private final DraftDirectory drafts;
    private final Path directory;
    private final Disk.Handle content;
    private @Nullable ReadBack behind;
    private long forced;
    private boolean over;

    private DraftFiles(VaultRoot vault, DraftDirectory drafts, Path directory, Disk.Handle content) {
        this.vault = vault;
        this.disk = vault.disk();
        this.drafts = drafts;
        this.directory = directory;
        this.content = content;
    }

    static DraftFiles begin(VaultRoot vault, String object) throws IOException {
        vault.require();
        refuseIfTaken(vault, Names.parts(object));
        DraftDirectory drafts = DraftDirectory.make(vault);
        boolean begun = false;
        try {
            Path directory = drafts.resolve("object");
            vault.disk().createDirectory(directory);
            Disk.Handle content = vault.disk().open(directory.resolve(ObjectFiles.CONTENT), Disk.Access.CREATE);
            begun = true;
            return new DraftFiles(vault, drafts, directory, content);
        } finally {
            if (!begun) {
                drafts.discard();
            }
        }
    }

    private static void refuseIfTaken(VaultRoot vault, List<String> parts) throws IOException {
        for (int i = 1; i <= parts.size(); i++) {
            Path path = vault.path(parts.subList(0, i));
            Standing standing = vault.standing(path);
            if (standing == Standing.ABSENT) {
                return;
            }
            vault.requireReal(path);
            if (standing == Standing.OBJECT || i == parts.size()) {
                // Whoever is told that a name is taken relies on what is there.
                vault.forceNames(path);
                throw taken(vault, parts, i, standing);
            }
        }
    }

    private static ContinuityException taken(VaultRoot vault, List<String> parts, int length, Standing standing) {
        String object = String.join("/", parts);
        String what = standing == Standing.PREFIX
                ? "is the beginning of other names"
                : length == parts.size()
                        ? "exists already"
                        : "cannot exist, because '" + String.join("/", parts.subList(0, length)) + "' is an object";
        return vault.failure(
                FailureKind.CONFLICT, "object '" + object + "' " + what, "objects never change; choose another name");
    }

    synchronized void write(byte[] bytes, int length, long position) throws IOException {
        requireOpen();
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        while (rest.hasRemaining()) {
            if (content.write(rest, position + rest.position()) <= 0) {
                throw new IOException("the file system took none of the " + rest.remaining() + " bytes left to write");
            }
        }
        long written = position + length;
        if (written - forced >= (long) FORCED_AT_ONCE * vault.buffer()) {
            content.force();
            forced = written;
        }
        if (forced > 0) {
            // Twice as fast as the writing, so that it has caught up when the next part is forced.
            ReadBack reading = readBack();
            reading.upTo(Math.min(forced, reading.size() + 2L * length));
        }
    }

    /** Of the content, from its file. */
    private ReadBack readBack() throws IOException {
        if (behind == null) {
            behind = new ReadBack(disk, directory.resolve(ObjectFiles.CONTENT), vault.buffer());
        }
        return behind;
    }

    synchronized void publish(Stored object) throws IOException {
        requireOpen();
        try {
            content.force();
            content.close();
            requireSame(object);
            Path record = directory.resolve(ObjectFiles.RECORD);
            try (Disk.Handle handle = disk.open(record, Disk.Access.CREATE)) {
                Bytes.writeDurably(handle, ObjectRecord.of(object), 0);
            }
            disk.forceDirectory(directory);
            place(Names.parts(object.name()));
        } finally {
            discard();
        }
    }

    /** Reads the content back from its file, not from what was handed over. */
    private void requireSame(Stored object) throws IOException {
        ReadBack reading = readBack();
        String observed = reading.ofAll();
        long size = reading.size();
        reading.close();
        if (size != object.size() || !observed.equals(object.sha256())) {
            throw vault.corrupt("object '" + object.name() + "' was written as " + object.size()
                    + " bytes with SHA-256 " + object.sha256() + ", but read back as " + size + " bytes with "
                    + observed);
        }
    }

    private void place(List<String> parts) throws IOException {
        for (int i = 1; i < parts.size(); i++) {
            Path path = vault.path(parts.subList(0, i));
            if (vault.standing(path) == Standing.ABSENT) {
                makePrefix(path, i);
            }
            if (vault.standing(path) != Standing.PREFIX) {
                vault.forceNames(path);
                throw taken(vault, parts, i, Standing.OBJECT);
            }
            vault.requireReal(path);
        }
        Path path = vault.path(parts);
        try {
            disk.moveDirectory(directory, path);
        } catch (FileAlreadyExistsException e) {
            vault.forceNames(path);
            throw taken(vault, parts, parts.size(), vault.standing(path));
        }
        vault.forceNames(path);
    }

    private void makePrefix(Path path, int depth) throws IOException {
        Path made = drafts.resolve("prefix-" + depth);
        disk.createDirectory(made);
        try (Disk.Handle handle = disk.open(made.resolve(ObjectFiles.PREFIX), Disk.Access.CREATE)) {
            handle.force();
        }
        disk.forceDirectory(made);
        try {
            disk.moveDirectory(made, path);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was faster; what stands there now is looked at next.
        }
    }

    private void requireOpen() throws IOException {
        if (over) {
            throw new IOException("the draft was given up");
        }
    }

    synchronized void discard() {
        if (over) {
            return;
        }
        over = true;
        try {
            if (behind != null) {
                behind.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
        try {
            content.close();
        } catch (IOException e) {
            // Nobody relies on a file that has no name.
        } finally {
            drafts.discard();
        }
    }
}
