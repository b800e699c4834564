package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Setting.Effect;
import com.cybernance.continuity.facts.Setting.Kind;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** What only the server's own log tells: commits that were let through without their standby. */
final class ServerLog {
    private static final Pattern CANCELLED = Pattern.compile("canceling (the )?wait for synchronous replication");
    private static final long TAIL = 1 << 20;

    private ServerLog() {}

    static Setting cancelledWaits(ResourceId server, Session session) throws SQLException {
        String file = session.ask("pg_current_logfile", "SELECT pg_current_logfile('stderr') AS file")
                .get(0)
                .find("file")
                .orElseThrow(
                        () -> new ContinuityException(
                                FailureKind.MISCONFIGURED,
                                "%s writes no log file in format stderr".formatted(server),
                                "set logging_collector = on and log_destination = 'stderr', or build the target without readServerLog"));
        String size = session.ask("pg_stat_file", "SELECT size::text AS size FROM pg_stat_file(?)", file)
                .get(0)
                .get("size");
        long from = Math.max(0, Long.parseLong(size) - TAIL);
        String text = session.ask(
                        "pg_read_file",
                        "SELECT pg_read_file(?, ?::bigint, ?::bigint) AS text",
                        file,
                        Long.toString(from),
                        Long.toString(TAIL))
                .get(0)
                .get("text");
        long count = CANCELLED.matcher(text).results().count();
        return new Setting(
                server,
                Kind.DURABILITY,
                "cancelled waits for a standby",
                "%d in the last %d KiB of %s".formatted(count, Math.min(TAIL, Long.parseLong(size)) >> 10, file),
                "none: such a commit may exist on the primary alone; find out who cancels or terminates waiting sessions",
                count == 0 ? Effect.KEEPS : Effect.WEAKENS);
    }
}
