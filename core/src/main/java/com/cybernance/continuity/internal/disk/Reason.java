package com.cybernance.continuity.internal.disk;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a failed input or output says, in words and as a kind. */
public final class Reason {
    private Reason() {}

    /** The file system's own words. */
    public static String of(IOException e) {
        String text = e instanceof FileSystemException named && named.getReason() != null
                ? named.getFile() + ": " + named.getReason()
                : String.valueOf(e.getMessage());
        return e.getClass() == IOException.class || e.getClass() == FileSystemException.class
                ? text
                : e.getClass().getSimpleName() + ": " + text;
    }

    public static FailureKind kind(IOException e) {
        if (e instanceof AccessDeniedException || of(e).contains("Read-only file system")) {
            return FailureKind.DENIED;
        }
        return e instanceof NoSuchFileException ? FailureKind.NOT_FOUND : FailureKind.UNEXPECTED;
    }

    /** Whether there is no room left. */
    public static boolean isFull(IOException e) {
        String words = of(e);
        return words.contains("No space left") || words.contains("quota exceeded");
    }

    public static ContinuityException interrupted(String doing) {
        return new ContinuityException(
                FailureKind.INTERRUPTED,
                "interrupted while " + doing + ", which may or may not have happened",
                "look at what is there before doing it again");
    }
}
