package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A commit as the server that wrote it tells: where, by its own reader of the log; when, by that and by its record of
 * commit times, which must agree; and which rows it brought, because each row holds its transaction's number.
 */
record Told(int timeline, Lsn start, Lsn end, Instant at, Shape shape, Set<String> rows) {
    private static final Pattern WORDS = Pattern.compile("(?:([0-9]+): )?([0-9-]{10}) ([0-9:]{8}(?:\\.[0-9]+)?)");

    /** What sort of commit. */
    enum Shape {
        PLAIN,
        PREPARED,
        WITH_SUBTRANSACTIONS
    }

    Told {
        rows = Set.copyOf(rows);
    }

    /** A row, and what the server knows of the transaction that it names. */
    private record Row(String mark, Instant at) {}

    /** The commits of the timeline that the server is on, from a position on, in the order of the log. */
    static List<Told> by(PostgresServer server, int timeline, Lsn from) throws SQLException {
        try (Connection connection = server.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            Map<String, List<Row>> rows = rows(statement);
            List<Told> all = new ArrayList<>();
            try (ResultSet commits = statement.executeQuery("""
                    SELECT start_lsn::text, end_lsn::text, xid::text, record_type, description
                    FROM pg_get_wal_records_info('%s', pg_current_wal_flush_lsn())
                    WHERE resource_manager = 'Transaction' AND record_type IN ('COMMIT', 'COMMIT_PREPARED')
                    ORDER BY start_lsn
                    """.formatted(from))) {
                while (commits.next()) {
                    all.add(one(commits, timeline, rows));
                }
            }
            return all;
        }
    }

    /** How many commits have an earlier time than the one before them in the log, and how many by less than 1 ms. */
    record Disorder(int inversions, int small) {}

    static Disorder disorder(PostgresServer server, Lsn from) throws SQLException {
        try (Connection connection = server.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement();
                ResultSet counts = statement.executeQuery("""
                        SELECT count(*) FILTER (WHERE late > interval '0'),
                               count(*) FILTER (WHERE late > interval '0' AND late < interval '1 ms')
                        FROM (
                            SELECT lag(at) OVER (ORDER BY start_lsn) - at AS late
                            FROM (
                                SELECT start_lsn,
                                       substring(description FROM '[0-9-]{10} [0-9:]{8}[0-9.]*')::timestamp AS at
                                FROM pg_get_wal_records_info('%s', pg_current_wal_flush_lsn())
                                WHERE resource_manager = 'Transaction'
                                  AND record_type IN ('COMMIT', 'COMMIT_PREPARED')) AS commits) AS pairs
                        """.formatted(from))) {
            counts.next();
            return new Disorder(counts.getInt(1), counts.getInt(2));
        }
    }

    private static Map<String, List<Row>> rows(Statement statement) throws SQLException {
        Map<String, List<Row>> rows = new HashMap<>();
        try (ResultSet all = statement.executeQuery("""
                SELECT tx::text, mark::text,
                       to_char(pg_xact_commit_timestamp(tx::text::xid) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                FROM deeds
                """)) {
            while (all.next()) {
                rows.computeIfAbsent(all.getString(1), none -> new ArrayList<>())
                        .add(new Row(all.getString(2), Instant.parse(all.getString(3))));
            }
        }
        return rows;
    }

    private static Told one(ResultSet commit, int timeline, Map<String, List<Row>> rows) throws SQLException {
        String description = commit.getString(5);
        Matcher words = WORDS.matcher(description);
        assertThat(words.lookingAt()).as(description).isTrue();
        Instant at = Instant.parse(words.group(2) + "T" + words.group(3) + "Z");
        boolean prepared = commit.getString(4).equals("COMMIT_PREPARED");
        String xid = Optional.ofNullable(words.group(1)).orElse(commit.getString(3));
        Set<String> brought = new TreeSet<>();
        for (Row row : rows.getOrDefault(xid, List.of())) {
            assertThat(row.at())
                    .as("the two words of the server on transaction %s", xid)
                    .isEqualTo(at);
            brought.add(row.mark());
        }
        Shape shape =
                prepared ? Shape.PREPARED : description.contains("subxacts") ? Shape.WITH_SUBTRANSACTIONS : Shape.PLAIN;
        return new Told(timeline, Lsn.parse(commit.getString(1)), Lsn.parse(commit.getString(2)), at, shape, brought);
    }
}
