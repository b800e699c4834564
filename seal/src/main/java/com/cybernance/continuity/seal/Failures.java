package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.util.List;
import java.util.stream.Collectors;

/** Failures that more than one class meets. */
final class Failures {
    /** When envelopes fail in different ways, the first of these tells what to do next. */
    private static final List<FailureKind> TELLING = List.of(
            FailureKind.UNREACHABLE,
            FailureKind.TIMED_OUT,
            FailureKind.THROTTLED,
            FailureKind.UNSUPPORTED,
            FailureKind.DENIED);

    private Failures() {}

    static ContinuityException corrupt(String what) {
        return new ContinuityException(
                FailureKind.CORRUPT, what, "trust nothing of it; take the copy that lies in another vault");
    }

    static ContinuityException corrupt(String what, Throwable cause) {
        return new ContinuityException(
                FailureKind.CORRUPT, what, "trust nothing of it; take the copy that lies in another vault", cause);
    }

    /** An {@code IOException} where the vault promises a {@code ContinuityException}, or a cipher that is missing. */
    static ContinuityException unexpected(String what, Throwable cause) {
        return new ContinuityException(
                FailureKind.UNEXPECTED, what, "look at the cause; this should not happen", cause);
    }

    static ContinuityException notFound(String what) {
        return new ContinuityException(
                FailureKind.NOT_FOUND, what + ": there is no such object", "list the vault for what it holds");
    }

    /** What to say of an object when each of its envelopes failed, the newest first. */
    static ContinuityException noneOpens(String what, List<ContinuityException> each) {
        ContinuityException first = each.get(0);
        for (int i = TELLING.size() - 1; i >= 0; i--) {
            for (ContinuityException failure : each) {
                if (failure.kind() == TELLING.get(i)) {
                    first = failure;
                }
            }
        }
        String all = each.stream().map(Failures::fact).distinct().collect(Collectors.joining("; "));
        ContinuityException failure =
                new ContinuityException(first.kind(), what + " cannot be opened: " + all, first.hint(), first);
        each.stream().filter(other -> other != failure.getCause()).forEach(failure::addSuppressed);
        return failure;
    }

    /** The message without its hint. */
    static String fact(ContinuityException failure) {
        String message = String.valueOf(failure.getMessage());
        String hint = ". Hint: " + failure.hint();
        return message.endsWith(hint) ? message.substring(0, message.length() - hint.length()) : message;
    }
}
