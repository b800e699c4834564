package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.wire.SqlState;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turns what JDBC says into the library's words. */
final class Failures {
    private Failures() {}

    static ContinuityException of(SQLException failure, String doing) {
        FailureKind kind = SqlState.kind(failure.getSQLState());
        return new ContinuityException(kind, "%s failed: %s".formatted(doing, words(failure)), hint(kind));
    }

    /** What is not a failure of SQL may come from a driver or a pool as well, so its message is not repeated. */
    static ContinuityException of(@Nullable Throwable failure, String doing) {
        String type = failure == null ? "no cause" : failure.getClass().getName();
        return new ContinuityException(
                FailureKind.UNEXPECTED, "%s failed: %s".formatted(doing, type), "check the data source");
    }

    /** A server's own message holds no secret. What drivers and pools say of a connection may hold a whole URL. */
    private static String words(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.startsWith("08")) {
            return "no connection (%s%s)"
                    .formatted(state == null ? "no SQLSTATE" : "SQLSTATE " + state, cause(failure));
        }
        if (!SqlState.isOfServer(state)) {
            return "%s (SQLSTATE %s), not the server's words, which may hold a secret"
                    .formatted(failure.getClass().getName(), state);
        }
        String message = failure.getMessage() == null ? "no message" : failure.getMessage();
        return "%s (SQLSTATE %s)".formatted(message.lines().findFirst().orElse("no message"), state);
    }

    private static String cause(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof UnknownHostException) {
                return ", the host name is not known";
            }
            if (each instanceof ConnectException) {
                return ", the connection was refused";
            }
        }
        return "";
    }

    private static String hint(FailureKind kind) {
        return switch (kind) {
            case DENIED -> "check the role, its password and its grants";
            case THROTTLED -> "raise the connection limit of the role, the database or the server, or free connections";
            case TIMED_OUT -> "see whether the server is overloaded or hangs, or allow the look more time";
            case UNREACHABLE -> "see whether the server runs and the way to it is open";
            case NOT_FOUND -> "check the name in the data source; a canary must be installed before it is used";
            case MISCONFIGURED -> "point the route at the server that takes the writes";
            case UNSUPPORTED -> "use PostgreSQL 15 to 18";
            case CORRUPT -> "stop writing, keep the files, and restore from a verified copy";
            default -> "see the server's log";
        };
    }
}
