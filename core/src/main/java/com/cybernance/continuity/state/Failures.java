package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Reason;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
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

    /** An input or output that failed, with the file system's own words. */
    static ContinuityException io(String doing, Path where, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return Reason.interrupted(doing);
        }
        return new ContinuityException(Reason.kind(e), doing + " in " + where + " failed: " + Reason.of(e), hint(e), e);
    }

    private static String hint(IOException e) {
        if (Reason.isFull(e)) {
            return "free space on that file system, then open the stream anew";
        }
        return switch (Reason.kind(e)) {
            case DENIED -> "let the user that runs this process read and write the directory";
            case NOT_FOUND -> "somebody removed it; check that the file system is mounted";
            default -> "check the disk and the kernel's log before opening it anew";
        };
    }
}
