package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Turns what went wrong on disk into the library's one exception. */
final class Failures {
    static final String ROT_HINT =
            "do not write to it; compare it with a copy, restore the directory from one, and find"
                    + " out what changed the bytes";

    private Failures() {}

    /** What lies on disk is not what was written. */
    static ContinuityException rot(Path file, long offset, String expected, String observed) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                file + " is corrupt at offset " + offset + ": expected " + expected + ", observed " + observed,
                ROT_HINT);
    }

    static ContinuityException misuse(String what, String hint) {
        return new ContinuityException(FailureKind.MISCONFIGURED, what, hint);
    }

    static ContinuityException closed(Path root) {
        return misuse("the state store in " + root + " is closed", "open another one over the same directory");
    }

    static ContinuityException interrupted(String doing) {
        return new ContinuityException(
                FailureKind.INTERRUPTED,
                "interrupted while " + doing + ", which may or may not have happened",
                "look at what is there before doing it again");
    }

    /** An input or output that failed, with the file system's own words. */
    static ContinuityException io(String doing, Path where, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return interrupted(doing);
        }
        String reason = reason(e);
        return new ContinuityException(
                kind(e, reason), doing + " in " + where + " failed: " + reason, hint(e, reason), e);
    }

    private static String reason(IOException e) {
        String text = e instanceof FileSystemException named && named.getReason() != null
                ? named.getFile() + ": " + named.getReason()
                : String.valueOf(e.getMessage());
        return e.getClass() == IOException.class || e.getClass() == FileSystemException.class
                ? text
                : e.getClass().getSimpleName() + ": " + text;
    }

    private static FailureKind kind(IOException e, String reason) {
        if (e instanceof AccessDeniedException || reason.contains("Read-only file system")) {
            return FailureKind.DENIED;
        }
        return e instanceof NoSuchFileException ? FailureKind.NOT_FOUND : FailureKind.UNEXPECTED;
    }

    private static String hint(IOException e, String reason) {
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return "free space on that file system, then open the stream anew";
        }
        return switch (kind(e, reason)) {
            case DENIED -> "let the user that runs this process read and write the directory";
            case NOT_FOUND -> "somebody removed it; check that the file system is mounted";
            default -> "check the disk and the kernel's log before opening it anew";
        };
    }
}
