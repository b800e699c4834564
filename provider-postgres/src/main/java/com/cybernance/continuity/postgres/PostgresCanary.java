package com.cybernance.continuity.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * The one row that a watcher may write: {@code continuity.canary}, a sequence number and a time. Installing it is an
 * act of its own, done once, by an identity that may create a schema; a target never does it.
 */
public final class PostgresCanary {
    static final String UPDATE =
            "UPDATE continuity.canary SET seq = seq + 1, at = pg_catalog.clock_timestamp() WHERE id = 1 RETURNING seq::text";

    private PostgresCanary() {}

    /**
     * Creates the schema {@code continuity} with the one-row table {@code canary}, and grants exactly {@code USAGE} on
     * the schema and {@code SELECT, UPDATE (seq, at)} on the table to the roles. What exists already is left as it is.
     *
     * @param admin the way in to the primary, into the database that the target's routes lead to, for a role that may
     *     create a schema there
     * @param roles who may write the row: the watcher's role, and the client's where a client route is probed
     * @throws com.cybernance.continuity.facts.ContinuityException when the server refuses
     */
    public static void install(DataSource admin, List<String> roles) {
        try (Connection connection = admin.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE SCHEMA IF NOT EXISTS continuity");
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS continuity.canary (
                        id int PRIMARY KEY CHECK (id = 1),
                        seq bigint NOT NULL,
                        at timestamptz NOT NULL) WITH (fillfactor = 10)
                    """);
            statement.execute(
                    "INSERT INTO continuity.canary VALUES (1, 0, pg_catalog.clock_timestamp()) ON CONFLICT DO NOTHING");
            for (String role : roles) {
                String quoted = quoted(connection, role);
                statement.execute("GRANT USAGE ON SCHEMA continuity TO " + quoted);
                statement.execute("GRANT SELECT, UPDATE (seq, at) ON continuity.canary TO " + quoted);
            }
            connection.commit();
        } catch (SQLException e) {
            throw Failures.of(e, "installing the canary");
        }
    }

    private static String quoted(Connection connection, String role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_catalog.quote_ident(?)")) {
            statement.setString(1, role);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
