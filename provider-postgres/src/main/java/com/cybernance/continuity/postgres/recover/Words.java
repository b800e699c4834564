package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/** Failures of files and programs, said as the house says them. */
final class Words {
    private Words() {}

    static ContinuityException corrupt(String what) {
        return new ContinuityException(
                FailureKind.CORRUPT, what, "restore from another copy, and verify this vault as a whole");
    }

    /** What a failure says, without its hint. */
    static String said(ContinuityException failure) {
        return String.valueOf(failure.getMessage()).replace(". Hint: " + failure.hint(), "");
    }

    static ContinuityException of(String doing, IOException why) {
        if (why instanceof ClosedByInterruptException || why instanceof InterruptedIOException) {
            return interrupted(doing, why);
        }
        String said = String.valueOf(why instanceof FileSystemException file ? reason(file) : why.getMessage());
        if (why instanceof AccessDeniedException) {
            return new ContinuityException(
                    FailureKind.DENIED, doing + " failed: " + said, "give this user the right to it", why);
        }
        boolean full = said.toLowerCase(Locale.ROOT).contains("no space left");
        return new ContinuityException(
                FailureKind.UNEXPECTED,
                doing + " failed: " + said,
                full ? "make room on that disk and begin the step again" : "mend it and begin the step again",
                why);
    }

    static ContinuityException interrupted(String doing, Exception why) {
        return new ContinuityException(
                FailureKind.INTERRUPTED, doing + " was interrupted", "begin the step again", why);
    }

    private static String reason(FileSystemException why) {
        return why.getFile() + ": " + (why.getReason() == null ? why.getClass().getSimpleName() : why.getReason());
    }
}
