package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.spi.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One database of a restored server, read from end to end. For one thread. */
final class RestoredDatabase implements AutoCloseable {
    private static final int MOST_NAMED = 5;

    /** What an object of a broken relation is answered with; every other failure only says that a check did not run. */
    private static final String CORRUPTED = "XX";

    /** A relation whose file is not there. */
    private static final String FILE_MISSING = "58P01";

    private final Connection connection;
    private final Deadline deadline;

    private RestoredDatabase(Connection connection, Deadline deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    static RestoredDatabase open(DataSource way, Deadline deadline) throws SQLException {
        RestoredDatabase open = new RestoredDatabase(way.getConnection(), deadline);
        try {
            open.limit();
            open.execute("SET search_path = pg_catalog");
            open.execute("SET row_security = off");
            return open;
        } catch (SQLException e) {
            open.close();
            throw e;
        }
    }

    /** What is asked from now on ends with the time that is left. */
    private void limit() throws SQLException {
        long millis = deadline.remaining().toMillis();
        if (millis <= 0) {
            throw new SQLException("no time was left");
        }
        execute("SET statement_timeout = " + Math.min(millis, Integer.MAX_VALUE));
    }

    /** Holds every B-tree against its table; what is amiss. */
    Optional<String> indexes() throws SQLException {
        String amcheck = amcheck();
        return each(
                "SELECT c.oid::text || ' ' || c.oid::regclass FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_index i ON i.indexrelid = c.oid WHERE a.amname = 'btree' AND c.relkind = 'i' AND i.indisvalid AND c.relpersistence <> 't' ORDER BY c.oid",
                oid -> "SELECT " + amcheck + ".bt_index_check(" + oid + "::oid::regclass, true)::text");
    }

    /** Checks every table, materialised view and TOAST table; what is amiss. */
    Optional<String> heaps() throws SQLException {
        String amcheck = amcheck();
        return each(
                "SELECT oid::text || ' ' || oid::regclass FROM pg_class WHERE relkind IN ('r', 'm', 't') AND relam <> 0 AND relpersistence <> 't' ORDER BY oid",
                oid -> "SELECT format('block %s: %s', blkno, msg) FROM " + amcheck + ".verify_heapam(" + oid
                        + "::oid::regclass, check_toast => true) LIMIT 1");
    }

    /** Reads every row of every table with all that hangs on it; what is amiss. */
    Optional<String> rows() throws SQLException {
        List<String> amiss = new ArrayList<>();
        for (String table : column(
                "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND c.relpersistence <> 't' ORDER BY c.oid")) {
            ask(table, "SELECT sum(length(t::text))::text FROM ONLY %s t".formatted(table), amiss, false);
        }
        return said(amiss);
    }

    List<String> unlogged() throws SQLException {
        return column(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u' ORDER BY oid");
    }

    /** The first column of the first row; empty for NULL or no row. */
    Optional<String> answer(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }

    List<String> column(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                @Nullable String value = rows.getString(1);
                all.add(value == null ? "" : value);
            }
            return all;
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** The schema of the extension, quoted. */
    private String amcheck() throws SQLException {
        String where = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'amcheck'";
        if (answer(where).isEmpty()) {
            execute("CREATE EXTENSION amcheck SCHEMA public");
        }
        return answer(where).orElseThrow(() -> new SQLException("the extension amcheck is not there"));
    }

    private Optional<String> each(String relations, UnaryOperator<String> check) throws SQLException {
        List<String> amiss = new ArrayList<>();
        for (String relation : column(relations)) {
            String[] parts = relation.split(" ", 2);
            ask(parts[1], check.apply(parts[0]), amiss, true);
        }
        return said(amiss);
    }

    private void ask(String relation, String sql, List<String> amiss, boolean answerIsBad) throws SQLException {
        limit();
        try {
            Optional<String> answer = answer(sql).filter(text -> !text.isEmpty());
            if (answerIsBad && answer.isPresent()) {
                amiss.add(relation + ": " + answer.get());
            }
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.startsWith(CORRUPTED) && !state.equals(FILE_MISSING)) {
                throw e;
            }
            amiss.add(relation + ": " + e.getMessage());
        }
    }

    private static Optional<String> said(List<String> amiss) {
        return amiss.isEmpty()
                ? Optional.empty()
                : Optional.of("%d relations: %s"
                        .formatted(amiss.size(), amiss.subList(0, Math.min(MOST_NAMED, amiss.size()))));
    }
}
