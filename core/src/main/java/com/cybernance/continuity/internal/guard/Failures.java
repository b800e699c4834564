package com.cybernance.continuity.internal.guard;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.InterruptedIOException;

/**
 * What may be told of something that a provider threw. Only our own exception promises a message without secrets; of
 * anything else the class and the place are told, never the message.
 */
final class Failures {
    private Failures() {}

    static FailureKind kind(Throwable thrown) {
        if (thrown instanceof ContinuityException known) {
            return known.kind();
        }
        if (thrown instanceof InterruptedException || thrown instanceof InterruptedIOException) {
            return FailureKind.INTERRUPTED;
        }
        return FailureKind.UNEXPECTED;
    }

    static String words(Throwable thrown) {
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
}
