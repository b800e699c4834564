package com.cybernance.continuity.vault;

import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.ThisProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory for what has no name yet, or none any more. Whoever works in it holds a lock of the operating system on
 * the file {@code lock} in it, which ends with the process. So it was surely left behind when somebody on the same host
 * can take that lock. Directories of other hosts are left alone: a lock may not reach them.
 */
final class DraftDirectory {
    private static final String LOCK = "lock";
    private static final int ATTEMPTS = 20;
    private static final int UUID_LENGTH = 36;

    private final Disk disk;
    private final Path directory;
    private final Closeable lock;

    private DraftDirectory(Disk disk, Path directory, Closeable lock) {
        this.disk = disk;
        this.directory = directory;
        this.lock = lock;
    }

    static DraftDirectory make(VaultRoot vault) throws IOException {
        Disk disk = vault.disk();
        try {
            disk.createDirectory(vault.drafts());
        } catch (FileAlreadyExistsException e) {
            vault.requireReal(vault.drafts());
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            Path directory = vault.drafts().resolve(host() + "." + UUID.randomUUID());
            disk.createDirectory(directory);
            Closeable lock = lock(disk, directory);
            if (lock != null) {
                return new DraftDirectory(disk, directory, lock);
            }
        }
        throw new IOException("could not lock a new directory in " + vault.drafts());
    }

    /** Null when a sweep took the new directory for one that was left behind. */
    private static @Nullable Closeable lock(Disk disk, Path directory) throws IOException {
        Closeable lock;
        try {
            lock = disk.tryLock(directory.resolve(LOCK));
        } catch (NoSuchFileException e) {
            return null;
        }
        if (lock != null && disk.kind(directory.resolve(LOCK)) == Disk.Kind.ABSENT) {
            lock.close();
            return null;
        }
        return lock;
    }

    /** Something in it. */
    Path resolve(String name) {
        return directory.resolve(name);
    }

    /** Removes it with what is left in it. What cannot be removed is litter, not a failure. */
    void discard() {
        try {
            remove(disk, directory, lock);
        } catch (IOException e) {
            // A later sweep tries again.
        }
    }

    /** Removes what dead processes of this host left behind. */
    static void sweep(VaultRoot vault) throws IOException {
        Disk disk = vault.disk();
        if (disk.kind(vault.drafts()) != Disk.Kind.DIRECTORY) {
            return;
        }
        vault.requireReal(vault.drafts());
        for (String name : disk.list(vault.drafts())) {
            boolean ours = name.startsWith(host() + ".") && name.length() == host().length() + 1 + UUID_LENGTH;
            if (ours && !host().equals(ThisProcess.UNKNOWN)) {
                try {
                    sweep(disk, vault.drafts().resolve(name));
                } catch (IOException e) {
                    // Somebody else sweeps, too, or it stays until the next time.
                }
            }
        }
    }

    private static void sweep(Disk disk, Path directory) throws IOException {
        // Its maker locks before putting anything into it, so an empty one may be a moment old.
        if (disk.list(directory).isEmpty()) {
            disk.delete(directory);
            return;
        }
        Closeable lock = disk.tryLock(directory.resolve(LOCK));
        if (lock != null) {
            remove(disk, directory, lock);
        }
    }

    /** The lock file goes last and while it is held, so that nobody takes a half-removed directory for a new one. */
    private static void remove(Disk disk, Path directory, Closeable lock) throws IOException {
        try (lock) {
            if (disk.list(directory).size() > 1) {
                // What was renamed to here must not come back half removed.
                disk.forceDirectory(directory);
                empty(disk, directory);
            }
            disk.delete(directory.resolve(LOCK));
        }
        try {
            disk.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            // Another one begins in it.
        }
    }

    private static void empty(Disk disk, Path directory) throws IOException {
        for (String name : disk.list(directory)) {
            Path path = directory.resolve(name);
            if (name.equals(LOCK)) {
                continue;
            }
            // A link is removed, never followed.
            if (disk.kind(path) == Disk.Kind.DIRECTORY
                    && disk.real(path).equals(disk.real(directory).resolve(name))) {
                empty(disk, path);
            }
            disk.delete(path);
        }
    }

    private static String host() {
        return ThisProcess.host().replaceAll("[^A-Za-z0-9.-]", "-");
    }
}
