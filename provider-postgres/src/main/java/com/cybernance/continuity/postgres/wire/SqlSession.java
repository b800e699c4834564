package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;

/**
 * One ordinary session with one server, held to that: every answer must come from the process that gave the first one. A
 * pooler that deals statements out, perhaps to several servers, is found by that, before anything is believed.
 *
 * <p>For one thread at a time, except {@link #close()}, which any thread may call to break a call that blocks; that call
 * then fails with kind {@code INTERRUPTED}. All failures are {@link ContinuityException}s; what the server refuses is a
 * {@link ServerError}.
 */
public final class SqlSession implements AutoCloseable {
    private static final int LONGEST_SECONDS = 600;

    private final Connection driver;
    private final Duration silence;
    private int process;
    private volatile boolean asking;
    private volatile boolean closed;

    private SqlSession(Connection driver, Duration silence) {
        this.driver = driver;
        this.silence = silence;
    }

    /** Reads one row. Columns count from 1, and all are NULL where there was no row at all. */
    @FunctionalInterface
    public interface Reader<T> {
        /** What the row holds; null for nothing. */
        @Nullable
        T read(Row row) throws SQLException;
    }

    /** One row of an answer. */
    public static final class Row {
        private final ResultSet rows;

        private Row(ResultSet rows) {
            this.rows = rows;
        }

        public @Nullable String text(int column) throws SQLException {
            return rows.getString(column + 1);
        }

        public byte @Nullable [] bytes(int column) throws SQLException {
            return rows.getBytes(column + 1);
        }

        /** 0 for NULL. */
        public long number(int column) throws SQLException {
            return rows.getLong(column + 1);
        }

        /** False for NULL. */
        public boolean truth(int column) throws SQLException {
            return rows.getBoolean(column + 1);
        }
    }

    /**
     * Connects.
     *
     * @param jdbcUrl as for the driver
     * @param given {@code user}, {@code password}, {@code ApplicationName} and others of the driver
     * @param silence the longest that an answer may take, and for connecting (up to 10 minutes, at least a second)
     */
    public static SqlSession open(String jdbcUrl, Properties given, Duration silence) {
        Opening.parsed(jdbcUrl);
        Properties properties = new Properties();
        for (String name : given.stringPropertyNames()) {
            properties.setProperty(name, given.getProperty(name));
        }
        int seconds = (int) Math.max(1, Math.min(LONGEST_SECONDS, silence.toSeconds()));
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
        // From the first time on, so that bytes come as bytes and not as text of twice the length.
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        if (properties.getProperty(PGProperty.APPLICATION_NAME.getName()) == null) {
            PGProperty.APPLICATION_NAME.set(properties, "continuity");
        }
        try {
            @Nullable Connection driver = new Driver().connect(jdbcUrl, properties);
            if (driver == null) {
                throw Opening.notOurs();
            }
            return begun(new SqlSession(driver, silence));
        } catch (SQLException e) {
            throw failure(e, "opening a session", false, silence);
        }
    }

    /** Limits on time that a role may carry are for its usual work, which this is not. */
    private static SqlSession begun(SqlSession session) {
        try {
            session.one(
                    "setting up the session",
                    "SELECT pg_catalog.set_config('statement_timeout', '0', false),"
                            + " pg_catalog.set_config('idle_session_timeout', '0', false)",
                    row -> true);
            return session;
        } catch (ContinuityException e) {
            session.close();
            throw e;
        }
    }

    /** The value of a setting. */
    public String show(String setting) {
        return one("asking for " + setting, "SELECT pg_catalog.current_setting(?)", row -> row.text(1), setting);
    }

    /**
     * Asks for one row.
     *
     * @param doing what for, to be told when it fails
     * @throws ContinuityException of kind {@code UNEXPECTED} when the answer is nothing
     */
    public <T> T one(String doing, String sql, Reader<T> reader, Object... arguments) {
        List<T> all = ask(doing, sql, reader, arguments);
        if (all.size() != 1) {
            throw new ContinuityException(
                    FailureKind.UNEXPECTED,
                    "%s failed: %d answers instead of one".formatted(doing, all.size()),
                    "use PostgreSQL 15 to 18");
        }
        return all.get(0);
    }

    /**
     * Asks for rows.
     *
     * @param doing what for, to be told when it fails
     * @param sql a query, with a question mark for each argument
     * @param arguments texts, whole numbers and truths
     */
    public <T> List<T> ask(String doing, String sql, Reader<T> reader, Object... arguments) {
        String held = "SELECT pg_catalog.pg_backend_pid(), held.* FROM (VALUES (1)) AS always"
                + " LEFT JOIN LATERAL (%s) AS held ON true".formatted(sql);
        asking = true;
        try (PreparedStatement statement = driver.prepareStatement(held)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<T> all = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                Row row = new Row(rows);
                while (rows.next()) {
                    requireSameProcess(doing, rows.getInt(1));
                    T read = reader.read(row);
                    if (read != null) {
                        all.add(read);
                    }
                }
            }
            return all;
        } catch (SQLException e) {
            throw failure(e, doing, closed, silence);
        } finally {
            asking = false;
        }
    }

    /** Ends the session, and breaks a call that another thread is in. Idempotent. Never throws. */
    @Override
    public void close() {
        closed = true;
        try {
            if (asking) {
                // Closing politely would wait for the call that is to be broken.
                driver.abort(Runnable::run);
            } else {
                driver.close();
            }
        } catch (SQLException alreadyGone) {
            // The server notices by itself.
        }
    }

    private void requireSameProcess(String doing, int answering) {
        if (process == 0) {
            process = answering;
        }
        if (process != answering) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "%s failed: process %d of the server answered instead of %d".formatted(doing, answering, process),
                    "connect to the server itself, or let the pooler keep one server session for one client");
        }
    }

    /** The driver's own words may hold the URL with its password, so only what came over the wire is repeated. */
    private static ContinuityException failure(SQLException e, String doing, boolean closed, Duration silence) {
        if (closed) {
            return new ContinuityException(
                    FailureKind.INTERRUPTED, doing + " ended: the session was closed here", "begin again");
        }
        String state = e.getSQLState();
        if (e instanceof PSQLException said && said.getServerErrorMessage() != null && state != null) {
            String words = String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
            return new ServerError(state, words, doing, hint(SqlState.kind(state)));
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new ContinuityException(
                        FailureKind.TIMED_OUT,
                        "%s failed: the server was silent for %d s".formatted(doing, silence.toSeconds()),
                        "see whether the server hangs or the network is cut");
            }
        }
        FailureKind kind = SqlState.kind(state);
        return new ContinuityException(
                kind == FailureKind.UNEXPECTED ? FailureKind.UNREACHABLE : kind,
                "%s failed: no connection (%s)".formatted(doing, state == null ? "no SQLSTATE" : "SQLSTATE " + state),
                "see whether the server runs and the way to it is open");
    }

    private static String hint(FailureKind kind) {
        return switch (kind) {
            case DENIED ->
                "let the role in by pg_hba.conf, check its password, and grant what docs/provider-postgres.md names";
            case THROTTLED -> "raise max_connections or the connection limit of the role, or free connections";
            case CORRUPT -> "stop writing, keep the files, and restore from a verified copy";
            default -> "see the server's log";
        };
    }
}
