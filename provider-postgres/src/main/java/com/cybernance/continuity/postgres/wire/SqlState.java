package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.FailureKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server's states mean to this library. */
public final class SqlState {
    /** Classes of states that servers send. Drivers and pools make up others, or none, for what they say themselves. */
    private static final Set<String> OF_SERVERS =
            Set.of("0A", "22", "23", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "P0", "XX");

    private SqlState() {}

    /** Whether a server said it, whose message holds no secret; what drivers and pools say may hold a whole URL. */
    public static boolean isOfServer(@Nullable String state) {
        return state != null && state.length() == 5 && OF_SERVERS.contains(state.substring(0, 2));
    }

    public static FailureKind kind(@Nullable String state) {
        if (state == null || state.length() != 5) {
            return FailureKind.UNEXPECTED;
        }
        FailureKind exact =
                switch (state) {
                    case "42501" -> FailureKind.DENIED;
                    case "53300", "53400" -> FailureKind.THROTTLED;
                    case "57014", "55P03", "25P03", "25P04" -> FailureKind.TIMED_OUT;
                    case "57P01", "57P02", "57P03", "57P05" -> FailureKind.UNREACHABLE;
                    case "3D000", "42P01", "3F000", "42704", "58P01" -> FailureKind.NOT_FOUND;
                    case "25006" -> FailureKind.MISCONFIGURED;
                    case "42883", "42703", "0A000" -> FailureKind.UNSUPPORTED;
                    case "42710", "55006" -> FailureKind.CONFLICT;
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

    static String hint(@Nullable String state) {
        return switch (kind(state)) {
            case DENIED ->
                "give the role LOGIN and REPLICATION, check its password, and let it in by a line for 'replication' in pg_hba.conf";
            case THROTTLED -> "raise max_wal_senders or the connection limit of the role, or free connections";
            case TIMED_OUT -> "see whether the server is overloaded or hangs";
            case UNREACHABLE -> "see whether the server runs and the way to it is open";
            case NOT_FOUND -> "the server does not have, or no longer has, what was asked for";
            case UNSUPPORTED -> "use PostgreSQL 15 to 18";
            case CONFLICT -> "somebody else uses it; see pg_replication_slots and pg_stat_replication";
            case CORRUPT -> "stop writing, keep the files, and restore from a verified copy";
            default -> "see the server's log";
        };
    }
}
