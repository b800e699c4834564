package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what JDBC says into the library's words. */
final class Failures {
    /** Classes of states that servers send. Drivers and pools make up others, or none, for what they say themselves. */
    private static final Set<String> OF_SERVERS =
            Set.of("0A", "22", "23", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "P0", "XX");

    private Failures() {}

    static ContinuityException of(SQLException failure, String doing) {
        FailureKind kind = kind(failure.getSQLState());
        return new ContinuityException(kind, "%s failed: %s".formatted(doing, words(failure)), hint(kind));
    }

    static FailureKind kind(@Nullable String state) {
        if (state == null || state.length() != 5) {
            return FailureKind.UNEXPECTED;
        }
        FailureKind exact =
                switch (state) {
                    case "42501" -> FailureKind.DENIED;
                    case "53300", "53400" -> FailureKind.THROTTLED;
                    case "57014", "55P03", "25P03", "25P04" -> FailureKind.TIMED_OUT;
                    case "57P01", "57P02", "57P03", "57P05" -> FailureKind.UNREACHABLE;
                    case "3D000", "42P01", "3F000" -> FailureKind.NOT_FOUND;
                    case "25006" -> FailureKind.MISCONFIGURED;
                    case "42883", "42703", "0A000" -> FailureKind.UNSUPPORTED;
                    case "XX001", "XX002" -> FailureKind.CORRUPT;
                    default -> FailureKind.UNEXPECTED;
                };
        if (exact != FailureKind.UNEXPECTED) {
            return exact;
        }
        return switch (state.substring(0, 2)) {
            case "28" -> FailureKind.DENIED;
            case "08", "57" -> FailureKind.UNREACHABLE;
            case "53" -> FailureKind.THROTTLED;
            case "40" -> FailureKind.CONFLICT;
            default -> FailureKind.UNEXPECTED;
        };
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
        if (state.length() != 5 || !OF_SERVERS.contains(state.substring(0, 2))) {
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
