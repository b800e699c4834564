package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postgresql.ds.PGSimpleDataSource;

/** A source server with a ledger, and what the server itself says of its commits. */
final class Source implements AutoCloseable {
    static final TargetId TARGET = TargetId.of("postgres:main");

    private final int major;
    private final PostgresBinaries binaries;
    private final PostgresPair pair;
    private int restarts;

    Source() {
        this(17);
    }

    /** Of another version than that of the class path. */
    Source(int major) {
        this(major, List.of());
    }

    /** Made with further options of {@code initdb}. */
    Source(int major, List<String> initdb) {
        this.major = major;
        binaries = binaries(major);
        pair = PostgresPair.start(binaries, initdb);
        // Alone from here on; the standby's slot keeps all the log for the test to read.
        pair.primary().configure("synchronous_standby_names", "");
        pair.standby().stop();
        pair.primary().execute("CREATE EXTENSION pg_walinspect", "CREATE INDEX ledger_payload ON ledger (payload)");
    }

    static PostgresBinaries binaries(int major) {
        return major == 17
                ? PostgresBinaries.ofClassPath()
                : PostgresBinaries.ofJar(
                        Path.of(System.getProperty("continuity.postgres.servers"), "postgres-%d.jar".formatted(major)));
    }

    PostgresServer server() {
        return pair.primary();
    }

    Path directory(String name) {
        return pair.directory().resolve(name);
    }

    /** Commits rows one by one. */
    void commit(int rows) {
        String[] inserts = new String[rows];
        java.util.Arrays.fill(inserts, "INSERT INTO ledger (payload) VALUES (md5(random()::text))");
        server().execute(inserts);
    }

    /**
     * A commit as the server's own reader of the log shows it.
     *
     * @param rows the ledger's rows that it brought
     */
    record Commit(int timeline, Lsn start, Lsn end, Instant at, Set<Long> rows) {}

    /** The commits of the server's current timeline from a position on, in the order of the log. */
    List<Commit> commits(Lsn from) throws SQLException {
        try (Connection connection =
                        server().dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            Map<String, Set<Long>> rows = new TreeMap<>();
            try (ResultSet all = statement.executeQuery("SELECT xmin::text, seq FROM ledger")) {
                while (all.next()) {
                    rows.computeIfAbsent(all.getString(1), xid -> new TreeSet<>())
                            .add(all.getLong(2));
                }
            }
            int timeline = PlainBackup.timeline(statement);
            List<Commit> commits = new ArrayList<>();
            try (ResultSet all = statement.executeQuery("""
                    SELECT start_lsn::text, end_lsn::text, xid::text,
                           to_char(substring(description FROM '^[0-9-]+ [0-9:.]+')::timestamp, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                    FROM pg_get_wal_records_info('%s', pg_current_wal_flush_lsn())
                    WHERE resource_manager = 'Transaction' AND record_type LIKE 'COMMIT%%'
                    """.formatted(from))) {
                while (all.next()) {
                    commits.add(new Commit(
                            timeline,
                            Lsn.parse(all.getString(1)),
                            Lsn.parse(all.getString(2)),
                            Instant.parse(all.getString(4)),
                            rows.getOrDefault(all.getString(3), new TreeSet<>())));
                }
            }
            return commits;
        }
    }

    Lsn flushed() throws SQLException {
        return Lsn.parse(server().query("SELECT pg_current_wal_flush_lsn()::text"));
    }

    int timeline() {
        return Integer.parseInt(server().query("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"), 16);
    }

    /** Lets the server begin a new timeline, as a promotion does. */
    void newTimeline() throws IOException {
        server().configure("restore_command", "/bin/false");
        server().stop();
        Files.writeString(server().dataDirectory().resolve("recovery.signal"), "");
        server().start();
        server().await("SELECT pg_is_in_recovery()::text", "false");
        restarts++;
    }

    int timelines() {
        return restarts + 1;
    }

    PostgresRestorer.Builder restorer(Vault... vaults) {
        PostgresRestorer.Builder builder = PostgresRestorer.builder()
                .programs(major, binaries.programs())
                .launchedBy(PostgresBinaries.launchPrefix())
                .setting("shared_buffers", "16MB")
                .connections(this::way);
        for (Vault vault : vaults) {
            builder.vault(vault);
        }
        return builder;
    }

    javax.sql.DataSource way(String host, int port, String database) {
        PGSimpleDataSource known = (PGSimpleDataSource) server().dataSource(PostgresServer.SUPERUSER, database);
        known.setServerNames(new String[] {host});
        known.setPortNumbers(new int[] {port});
        return known;
    }

    RestoreRequest request(BackupRecord backup, Vault vault, RecoverTo to, Path destination) {
        return request(backup, vault, to, destination, timelines());
    }

    static RestoreRequest request(BackupRecord backup, Vault vault, RecoverTo to, Path destination, int timeline) {
        ResourceId resource = new ResourceId(TARGET, backup.system());
        Copy copy = new Copy(vault.name(), Place.UNKNOWN, Copy.State.COMPLETE, backup.stoppedAt());
        return new RestoreRequest(
                new RestorePoint(
                        new PointId(backup.id(), timeline, vault.name()).toString(),
                        resource,
                        "%s/%08x".formatted(backup.system(), timeline),
                        backup.stoppedAt(),
                        backup.stoppedAt(),
                        List.of(copy),
                        List.of()),
                vault.name(),
                to,
                destination.toString());
    }

    /** Carries out all steps; the failure's words are thrown. */
    static Map<String, String> run(PostgresRestorer restorer, String run, RestoreRequest request) {
        Map<String, String> results = new TreeMap<>();
        for (String step : restorer.steps(request)) {
            results.putAll(step(restorer, run, request, step, results));
        }
        return results;
    }

    static Map<String, String> step(
            PostgresRestorer restorer, String run, RestoreRequest request, String step, Map<String, String> earlier) {
        restorer.begin(run, request, step, earlier);
        Progress progress = ended(restorer, run, request, step);
        if (progress.state() != Progress.State.DONE) {
            throw new AssertionError(step + ": " + progress + "\n" + log(Path.of(request.destination()), run));
        }
        return progress.results();
    }

    private static String log(Path destination, String run) {
        try {
            return Files.readString(destination.resolve("restore-" + run).resolve("server.log"));
        } catch (IOException noLog) {
            return "";
        }
    }

    static Progress ended(PostgresRestorer restorer, String run, RestoreRequest request, String step) {
        Progress progress = restorer.poll(run, request, step);
        for (int i = 0; progress.state() == Progress.State.RUNNING; i++) {
            if (i == 12_000) {
                throw new AssertionError(step + " does not end: " + progress);
            }
            pause();
            progress = restorer.poll(run, request, step);
        }
        return progress;
    }

    static void pause() {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The ledger's rows on a restored server. */
    Set<Long> ledger(Map<String, String> results) throws SQLException {
        Set<Long> rows = new TreeSet<>();
        int port = Integer.parseInt(results.get("port"));
        try (Connection connection =
                        way("127.0.0.1", port, PostgresServer.DATABASE).getConnection();
                Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("SELECT seq FROM ledger")) {
            while (all.next()) {
                rows.add(all.getLong(1));
            }
        }
        return rows;
    }

    @Override
    public void close() {
        pair.close();
    }
}
