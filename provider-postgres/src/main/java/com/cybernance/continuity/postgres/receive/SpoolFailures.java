package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What goes wrong in the spool, in the library's words. */
final class SpoolFailures {
    private SpoolFailures() {}

    /** A failure after which the spool can be tried again: what was durable before still is. */
    static ContinuityException io(String doing, Path directory, IOException e) {
        String reason = reason(e);
        boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
        String what = "%s in the spool %s failed: %s".formatted(doing, directory, reason);
        return full
                ? new NoRoom(
                        what,
                        "free space on that file system; nothing was acknowledged that is not durable, and the slot"
                                + " keeps the log on the server",
                        e)
                : new ContinuityException(FailureKind.UNEXPECTED, what, "check the disk and the kernel's log", e);
    }

    /** A failure after which nothing that the disk says can be relied on. */
    static ContinuityException broken(Path directory, IOException e) {
        // The disk may have dropped what it could not make durable, and would say yes when asked again.
        return new StopReceiving(
                FailureKind.UNEXPECTED,
                "making the log durable in the spool %s failed: %s".formatted(directory, reason(e)),
                "check the disk; a receiver started anew writes the end of its spool once more and goes on from what"
                        + " was durable",
                e);
    }

    /** The spool holds what it may. */
    static ContinuityException full(Terms terms) {
        return new NoRoom(
                "the spool %s holds the %d bytes that it may".formatted(terms.directory(), terms.spoolBytes()),
                "see which vault does not take what is shipped to it; until then the slot keeps the log on the server,"
                        + " within max_slot_wal_keep_size");
    }

    static ContinuityException rot(Path file, long offset, String observed) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "%s is corrupt at offset %d: %s".formatted(file, offset, observed),
                "stop, keep the spool, and find out what changed it; vaults that have all of its range need nothing"
                        + " of it");
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return e.getClass() == IOException.class
                ? String.valueOf(e.getMessage())
                : "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage());
    }
}
