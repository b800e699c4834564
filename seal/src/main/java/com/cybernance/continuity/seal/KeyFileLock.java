package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Lets one change of a key file happen at a time: of two that read the same keys, the second would take away the key that
 * the first added, and what was sealed with it meanwhile. The lock is the operating system's, on an empty file beside the
 * key file, so a process that dies leaves none.
 *
 * <p>Closing any handle of a locked file drops the lock of the whole process, so within one process nobody may even open
 * one that is held. Which are held stands in the system properties, which all class loaders share.
 */
final class KeyFileLock {
    private static final String HELD = "com.cybernance.continuity.seal.keys ";

    private KeyFileLock() {}

    static void during(Path file, Runnable change) {
        Path beside = file.resolveSibling(file.getFileName() + ".lock");
        String held = HELD + real(beside);
        if (System.getProperties().putIfAbsent(held, "held") != null) {
            throw busy(file, null);
        }
        try {
            locked(file, beside, change);
        } finally {
            System.getProperties().remove(held);
        }
    }

    /** By which way ever somebody comes to the directory. */
    private static Path real(Path beside) {
        Path absolute = beside.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        try {
            return directory == null ? absolute : directory.toRealPath().resolve(absolute.getFileName());
        } catch (IOException noSuchDirectory) {
            // Opening the file in it tells so.
            return absolute;
        }
    }

    private static void locked(Path file, Path beside, Runnable change) {
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw busy(file, null);
            }
            change.run();
        } catch (OverlappingFileLockException e) {
            throw busy(file, e);
        } catch (IOException e) {
            throw new ContinuityException(
                    FailureKind.UNREACHABLE,
                    "key file " + file + " cannot be changed: " + beside + " could not be locked ("
                            + e.getClass().getSimpleName() + ")",
                    "check the directory and its rights",
                    e);
        }
    }

    private static ContinuityException busy(Path file, @Nullable Throwable cause) {
        ContinuityException busy = new ContinuityException(
                FailureKind.CONFLICT,
                "key file " + file + " is being changed by somebody else",
                "do it again when they have ended");
        if (cause != null) {
            busy.initCause(cause);
        }
        return busy;
    }
}
