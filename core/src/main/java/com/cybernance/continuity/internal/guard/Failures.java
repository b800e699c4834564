package com.cybernance.continuity.internal.guard;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.InterruptedIOException;
import java.util.Arrays;

/**
 * What may be told of something that a provider threw. Only our own exception promises a message without secrets; of
 * anything else the class and the place are told, never the message.
 */
public final class Failures {
    private static final int MOST_CAUSES = 8;

    private Failures() {}

    /** Of what kind the failure is. */
    public static FailureKind kind(Throwable thrown) {
        if (thrown instanceof ContinuityException known) {
            return known.kind();
        }
        if (thrown instanceof InterruptedException || thrown instanceof InterruptedIOException) {
            return FailureKind.INTERRUPTED;
        }
        return FailureKind.UNEXPECTED;
    }

    /** The failure in words that hold no secret. */
    public static String words(Throwable thrown) {
        if (thrown instanceof ContinuityException known) {
            return String.valueOf(known.getMessage());
        }
        return "the provider threw %s%s. Hint: a failure of a known kind should be a ContinuityException"
                .formatted(thrown.getClass().getName(), place(thrown));
    }

    private static String place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** Where it was thrown, and what caused it, without any message. */
    public static String stack(Throwable thrown) {
        StringBuilder stack = new StringBuilder();
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            stack.append(cause.getClass().getName());
            Arrays.stream(cause.getStackTrace())
                    .forEach(frame -> stack.append("\n  at ").append(frame));
            stack.append('\n');
            cause = cause.getCause();
        }
        return stack.toString();
    }
}
