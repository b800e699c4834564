package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a real server wrote into its log under a mixed load, and what its own reader says of it. */
final class RealLog {
    static final int SEGMENT = 16 << 20;

    private static final Pattern TIME = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?)\\+00");
    private static final int WRITERS = 4;
    private static final int ROUNDS = 60;

    private final Cluster cluster;
    private final Lsn start;
    private final byte[] bytes;
    private final List<Commit> commits;

    private RealLog(Cluster cluster, Lsn start, byte[] bytes, List<Commit> commits) {
        this.cluster = cluster;
        this.start = start;
        this.bytes = bytes;
        this.commits = commits;
    }

    static RealLog of(int major) {
        try (PostgresPair pair = PostgresPair.start(binaries(major))) {
            PostgresServer server = pair.primary();
            server.configure("synchronous_standby_names", "");
            pair.standby().kill();
            server.configure("max_prepared_transactions", "5");
            server.restart();
            server.execute(
                    "CREATE EXTENSION pg_walinspect",
                    "CREATE TABLE load (who int, round int, text text)",
                    "CHECKPOINT");
            Lsn start = Lsn.parse(server.query("SELECT pg_current_wal_insert_lsn()"))
                    .segmentStart(SEGMENT);
            load(server);
            server.restart();
            server.execute("SELECT pg_switch_wal()", "INSERT INTO load SELECT 9, 0, 'restarted'", "CHECKPOINT");
            Lsn end = Lsn.parse(server.query("SELECT pg_current_wal_flush_lsn()"));
            return new RealLog(
                    new Cluster(server.query("SELECT system_identifier FROM pg_control_system()")),
                    start,
                    files(server, start, end),
                    commits(server, start, end));
        }
    }

    static PostgresBinaries binaries(int major) {
        return major == 17
                ? PostgresBinaries.ofClassPath()
                : PostgresBinaries.ofJar(
                        Path.of(System.getProperty("continuity.postgres.servers"), "postgres-%d.jar".formatted(major)));
    }

    Cluster cluster() {
        return cluster;
    }

    Lsn start() {
        return start;
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    List<Commit> commits() {
        return commits;
    }

    Lsn end() {
        return start.plus(bytes.length);
    }

    private static void load(PostgresServer server) {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Callable<Integer>> all = new ArrayList<>();
            for (int who = 0; who < WRITERS; who++) {
                int writer = who;
                all.add(() -> {
                    write(server, writer);
                    return writer;
                });
            }
            int done = 0;
            for (Future<Integer> each : writers.invokeAll(all)) {
                done += each.get() + 1;
            }
            if (done != WRITERS * (WRITERS + 1) / 2) {
                throw new AssertionError("not every writer ended");
            }
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError("the load failed", e);
        } finally {
            writers.shutdownNow();
        }
    }

    private static void write(PostgresServer server, int who) throws SQLException {
        try (Connection connection = server.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            for (int round = 0; round < ROUNDS; round++) {
                statement.execute(
                        "INSERT INTO load VALUES (%d, %d, repeat('x', %d))".formatted(who, round, round * 40));
                switch ((round + who) % 10) {
                    case 1 -> {
                        statement.execute("BEGIN");
                        statement.execute("INSERT INTO load VALUES (1, 1, '')");
                        statement.execute("PREPARE TRANSACTION 'p%d'".formatted(who));
                        statement.execute("%s PREPARED 'p%d'".formatted(round % 2 == 0 ? "COMMIT" : "ROLLBACK", who));
                    }
                    case 3 -> statement.execute("SELECT pg_logical_emit_message(true, 'big', repeat('wal', 40000))");
                    case 5 ->
                        statement.execute(
                                "DO $$ BEGIN FOR i IN 1..80 LOOP BEGIN INSERT INTO load VALUES (2, i, ''); EXCEPTION WHEN others THEN NULL; END; END LOOP; END $$");
                    case 7 -> statement.execute("BEGIN; DELETE FROM load WHERE who = %d; ROLLBACK".formatted(who));
                    default -> {}
                }
                if (who == 0 && round == ROUNDS / 2) {
                    statement.execute("SELECT pg_switch_wal()");
                }
            }
        }
    }

    private static byte[] files(PostgresServer server, Lsn start, Lsn end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Lsn at = start; at.isBefore(end); at = at.plus(SEGMENT)) {
            long perFile = 0x1_0000_0000L / SEGMENT;
            long number = at.value() / SEGMENT;
            Path file = server.dataDirectory()
                    .resolve("pg_wal/%08X%08X%08X".formatted(1, number / perFile, number % perFile));
            try {
                all.write(Files.readAllBytes(file), 0, (int) Math.min(SEGMENT, end.minus(at)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toByteArray();
    }

    private static List<Commit> commits(PostgresServer server, Lsn start, Lsn end) {
        List<Commit> commits = new ArrayList<>();
        try (Connection connection = server.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT start_lsn::text, end_lsn::text, xid::text, description FROM pg_get_wal_records_info('%s', '%s') WHERE resource_manager = 'Transaction' AND record_type IN ('COMMIT', 'COMMIT_PREPARED') ORDER BY start_lsn"
                                .formatted(start, end))) {
            while (rows.next()) {
                commits.add(new Commit(
                        new CommitMark(
                                time(rows.getString(4)), Lsn.parse(rows.getString(1)), Lsn.parse(rows.getString(2))),
                        Long.parseLong(rows.getString(3))));
            }
        } catch (SQLException e) {
            throw new AssertionError("pg_walinspect refused", e);
        }
        return commits;
    }

    private static Instant time(String description) {
        Matcher time = TIME.matcher(description);
        return Optional.of(time)
                .filter(Matcher::find)
                .map(found -> Instant.parse(found.group(1).replace(' ', 'T') + "Z"))
                .orElseThrow(() -> new AssertionError("no time in: " + description));
    }
}
