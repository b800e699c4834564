package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What goes wrong on a connection, in the library's words, with the command that it went wrong in. */
final class Trouble {
    private final Duration silence;
    private String doing = "the command";

    Trouble(Duration silence) {
        this.silence = silence;
    }

    /** From now on it is this command. Only its first word is repeated. */
    void during(String command) {
        int end = command.indexOf(' ');
        doing = (end < 0 ? command : command.substring(0, end)).toUpperCase(Locale.ROOT);
    }

    /** @param closed whether it was this side that closed the connection */
    ContinuityException broken(IOException cause, boolean closed) {
        if (closed) {
            return new ContinuityException(
                    FailureKind.INTERRUPTED,
                    "%s ended: the connection was closed here".formatted(doing),
                    "begin again");
        }
        if (cause instanceof SocketTimeoutException) {
            return new ContinuityException(
                    FailureKind.TIMED_OUT,
                    "%s failed: the server was silent for %d s".formatted(doing, silence.toSeconds()),
                    "see whether the server hangs or the network is cut");
        }
        return new ContinuityException(
                FailureKind.UNREACHABLE,
                "%s failed: the connection to the server is lost".formatted(doing),
                "see whether the server runs and the way to it is open",
                cause);
    }

    ContinuityException unexpected(String what) {
        return new ContinuityException(
                FailureKind.UNEXPECTED,
                "%s failed: the server answered with %s".formatted(doing, what),
                "use PostgreSQL 15 to 18, and connect to it and not to a pooler");
    }

    ServerError refusal(Map<Character, String> said) {
        return new ServerError(
                said.getOrDefault('C', "XX000"),
                said.getOrDefault('M', "no message").lines().findFirst().orElse("no message"),
                doing);
    }
}
