package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One read-only transaction on one server. Every setting is local to it, so a connection that goes back to a pool goes
 * back as it came.
 */
final class Session {
    static final int OLDEST = 15;
    static final int NEWEST = 18;

    private final Connection connection;
    private final List<Observation> asked;
    private final Map<String, Optional<String>> who;

    private Session(Connection connection, List<Observation> asked, Map<String, Optional<String>> who) {
        this.connection = connection;
        this.asked = asked;
        this.who = who;
    }

    /** Begins the transaction, and refuses a server whose views may mean something else. */
    static Session begin(Connection connection, long statementMillis, List<Observation> asked) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION READ ONLY");
            statement.execute("SET LOCAL statement_timeout = " + Math.max(1, statementMillis));
            statement.execute("SET LOCAL application_name = 'continuity'");
            statement.execute("SET LOCAL search_path = pg_catalog");
        }
        Map<String, Optional<String>> who = rows(connection, """
                        SELECT current_user::text AS asker,
                               host(inet_server_addr()) AS address,
                               inet_server_port()::text AS port,
                               current_setting('server_version_num') AS version,
                               current_setting('cluster_name') AS name,
                               pg_is_in_recovery()::text AS standby,
                               current_database()::text AS database
                        """).get(0).columns();
        Session session = new Session(connection, asked, who);
        session.refuseOtherVersions();
        return session;
    }

    String asker() {
        return text("asker");
    }

    String address() {
        return text("address");
    }

    String where() {
        return address().isEmpty() ? "local socket" : address() + ":" + text("port");
    }

    /** What the server calls itself; {@code ""} where nobody named it. */
    String clusterName() {
        return text("name");
    }

    String database() {
        return text("database");
    }

    boolean inRecovery() {
        return text("standby").equals("true");
    }

    int majorVersion() {
        return Integer.parseInt(text("version")) / 10_000;
    }

    /** Asks and keeps a record of having asked. */
    List<Row> ask(String operation, String sql, String... parameters) throws SQLException {
        List<Row> rows = rows(connection, sql, parameters);
        asked.add(new Observation(asker(), where(), operation, Optional.empty(), digest(rows)));
        return rows;
    }

    /** Lets time pass on the server. */
    void pause(double seconds) throws SQLException {
        rows(connection, "SELECT pg_sleep(%s)::text".formatted(seconds));
    }

    private String text(String column) {
        return who.getOrDefault(column, Optional.empty()).orElse("");
    }

    private void refuseOtherVersions() {
        if (majorVersion() < OLDEST || majorVersion() > NEWEST) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "%s runs PostgreSQL %d, expected %d to %d".formatted(where(), majorVersion(), OLDEST, NEWEST),
                    "take the release of this library that knows the version");
        }
    }

    private static List<Row> rows(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet results = statement.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (results.next()) {
                    rows.add(row(results));
                }
                return rows;
            }
        }
    }

    private static Row row(ResultSet results) throws SQLException {
        Map<String, Optional<String>> columns = new LinkedHashMap<>();
        for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
            @Nullable String value = results.getString(i);
            columns.put(results.getMetaData().getColumnLabel(i), Optional.ofNullable(value));
        }
        return new Row(columns);
    }

    private static String digest(List<Row> rows) {
        try {
            byte[] raw = rows.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One row as text; NULL is empty. */
    record Row(Map<String, Optional<String>> columns) {
        Optional<String> find(String column) {
            Optional<String> value = columns.get(column);
            if (value == null) {
                throw new IllegalArgumentException("no column " + column);
            }
            return value;
        }

        /** The value, or {@code ""} for NULL. */
        String get(String column) {
            return find(column).orElse("");
        }

        OptionalLong number(String column) {
            return find(column).map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty());
        }

        boolean isTrue(String column) {
            return find(column)
                    .map(value -> value.equals("t") || value.equals("true"))
                    .orElse(false);
        }
    }
}
