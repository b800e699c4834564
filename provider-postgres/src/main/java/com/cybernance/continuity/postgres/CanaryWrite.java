package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One write of the canary's row that counts only when its commit waited for what a durable commit waits for. */
final class CanaryWrite {
    private static final Set<String> DURABLE = Set.of("on", "remote_apply");

    private CanaryWrite() {}

    /**
     * Writes, and returns the new sequence number once the commit is acknowledged.
     *
     * @param millis how long the row may be locked by somebody else; a commit that waits for a standby is only ended by
     *     cutting the connection, and never cancelled: that would let it through without the standby
     */
    static long on(Connection connection, long millis) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + Math.max(1, millis));
            statement.execute("SET LOCAL application_name = 'continuity'");
            // The warning is the only sign of a cancelled wait, and a role may have switched warnings off.
            statement.execute("SET LOCAL client_min_messages = 'warning'");
            refuseWeakSession(statement);
            long sequence = update(statement);
            connection.clearWarnings();
            connection.commit();
            refuseWarning(connection.getWarnings());
            connection.setAutoCommit(true);
            return sequence;
        }
    }

    private static long update(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(PostgresCanary.UPDATE)) {
            if (!rows.next()) {
                throw new ContinuityException(
                        FailureKind.NOT_FOUND,
                        "the table continuity.canary is empty, expected one row",
                        "run PostgresCanary.install");
            }
            return Long.parseLong(rows.getString(1));
        }
    }

    private static void refuseWeakSession(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT pg_catalog.current_setting('synchronous_commit')")) {
            rows.next();
            String level = rows.getString(1);
            if (!DURABLE.contains(level)) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "commits of this role run with synchronous_commit=%s, expected on or remote_apply"
                                .formatted(level),
                        "reset synchronous_commit for the role, the database and the data source");
            }
        }
    }

    private static void refuseWarning(@Nullable SQLWarning warning) {
        if (warning != null) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the commit came with a warning: %s (SQLSTATE %s)"
                            .formatted(warning.getMessage(), warning.getSQLState()),
                    "the write may exist on the primary alone; find out who cancels waits for the standby");
        }
    }
}
