package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One real PostgreSQL server on the loopback interface, on a port of its own that it keeps over restarts. Its settings
 * are in {@code continuity.conf} in its data directory; beside that directory lies {@code NAME.properties} with what an
 * outsider needs to connect to it, signal it or break its files.
 *
 * <p>For one thread at a time; data sources may be used by many.
 */
public final class PostgresServer {
    /** The database in which {@link PostgresPair} makes its ledger, and to which data sources lead. */
    public static final String DATABASE = "app";

    /** The owner of everything. */
    public static final String SUPERUSER = "postgres";

    static final String NO_CHECKSUMS = "--no-data-checksums";

    private static final int STARTING_STEPS = 1_200;
    private static final int STEP_MILLIS = 25;

    private final PostgresBinaries binaries;
    private final Launcher launcher;
    private final Secrets secrets;
    private final String name;
    private final Path run;
    private final int port;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable Process process;

    PostgresServer(
            PostgresBinaries binaries, Launcher launcher, Secrets secrets, Path run, String name, String dataCentre) {
        this.binaries = binaries;
        this.launcher = launcher;
        this.secrets = secrets;
        this.run = run;
        this.name = name;
        this.port = freePort();
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "");
        settings.put("cluster_name", name);
        settings.put("continuity.data_centre", dataCentre);
        settings.put("fsync", "on");
        settings.put("full_page_writes", "on");
        settings.put("synchronous_commit", "on");
        settings.put("wal_level", "replica");
        settings.put("hot_standby", "on");
        settings.put("max_connections", "50");
        settings.put("shared_buffers", "16MB");
        settings.put("max_wal_size", "256MB");
        settings.put("log_timezone", "UTC");
        settings.put("timezone", "UTC");
        settings.put("logging_collector", "on");
        settings.put("log_filename", "server.log");
    }

    /** Its {@code cluster_name}, and for a standby its {@code application_name}. */
    public String name() {
        return name;
    }

    /** What its own setting {@code continuity.data_centre} says. */
    public String dataCentre() {
        return setting("continuity.data_centre");
    }

    public int port() {
        return port;
    }

    public Path dataDirectory() {
        return run.resolve(name);
    }

    /** The file with its connection facts. */
    public Path properties() {
        return run.resolve(name + ".properties");
    }

    /** The process id of its postmaster. */
    public long pid() {
        return running().pid();
    }

    /** A way in for a role, to {@link #DATABASE}. */
    public DataSource dataSource(String role) {
        return dataSource(role, DATABASE);
    }

    /** A way in for a role, to the database of that name. */
    public DataSource dataSource(String role, String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(role);
        source.setPassword(secrets.of(role));
        return source;
    }

    /** Runs statements as the superuser, each in a transaction of its own. */
    public void execute(String... statements) {
        executeIn(DATABASE, statements);
    }

    void executeIn(String database, String... statements) {
        try (Connection connection = dataSource(SUPERUSER, database).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("%s refused: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** The first column of the first row as text, asked as the superuser; {@code ""} for a row of NULL or no row. */
    public String query(String sql) {
        try (Connection connection = dataSource(SUPERUSER).getConnection()) {
            return first(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException("%s refused: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Waits, at most 30 seconds, until the query answers this. */
    public void await(String sql, String expected) {
        try (Connection connection = dataSource(SUPERUSER).getConnection()) {
            String answer = first(connection, sql);
            for (int step = 0; !answer.equals(expected); step++) {
                if (step == STARTING_STEPS) {
                    throw new IllegalStateException(
                            "%s still answers '%s' instead of '%s' to: %s".formatted(name, answer, expected, sql));
                }
                first(connection, "SELECT pg_sleep(%s)".formatted(STEP_MILLIS / 1000.0));
                answer = first(connection, sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("%s refused: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Changes a setting for good, and makes the running server read it. */
    public void configure(String setting, String value) {
        settings.put(setting, value);
        writeSettings();
        if (isRunning()) {
            reload();
        }
    }

    /** Starts the server and waits until it takes connections. */
    public void start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " is running already");
        }
        writeSettings();
        try {
            Path output = run.resolve(name + ".out");
            process = launcher.command(
                            binaries.program("postgres"),
                            List.of("-D", dataDirectory().toString()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            awaitConnections();
            writeProperties();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server in good order: sessions are ended, and what was written is flushed and sent on. */
    public void stop() {
        Process stopping = running();
        thaw();
        Processes.signalOnly(stopping.pid(), "INT");
        await(stopping);
    }

    /** Ends every process of the server at once, as a power cut of the program would. */
    public void kill() {
        Process dying = running();
        end(dying);
        await(dying);
    }

    public void restart() {
        stop();
        start();
    }

    /** Makes every process of the server stand still. Its connections stay open and nothing answers. */
    public void freeze() {
        Processes.signal(pid(), "STOP");
    }

    /** Lets a frozen server go on. */
    public void thaw() {
        Processes.signal(pid(), "CONT");
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** What the server wrote to its log; for a failure's message. */
    public String log() {
        try {
            StringBuilder all = new StringBuilder();
            for (Path part : List.of(run.resolve(name + ".out"), dataDirectory().resolve("log/server.log"))) {
                if (Files.exists(part)) {
                    all.append(Files.readString(part));
                }
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "%s on port %d in %s".formatted(name, port, dataDirectory());
    }

    /** Makes an empty cluster, with page checksums unless {@link #NO_CHECKSUMS} is among the options. */
    void initialise(List<String> further) throws IOException {
        Path data = dataDirectory();
        Files.createDirectory(data);
        launcher.hand(data);
        Path password = secrets.fileFor(SUPERUSER);
        List<String> options = new ArrayList<>(List.of("-D", data.toString(), "-U", SUPERUSER, "-A", "scram-sha-256"));
        options.addAll(List.of("--pwfile", password.toString(), "-E", "UTF8", "--locale=C", "-N"));
        options.addAll(further);
        if (!options.contains(NO_CHECKSUMS)) {
            options.add("-k");
        } else if (!launcher.run(binaries.program("initdb"), List.of("--help")).contains(NO_CHECKSUMS)) {
            // Before version 18 that is the default, and the option is not known.
            options.remove(NO_CHECKSUMS);
        }
        launcher.run(binaries.program("initdb"), options);
        Files.writeString(
                data.resolve("postgresql.conf"),
                System.lineSeparator() + "include 'continuity.conf'" + System.lineSeparator(),
                java.nio.file.StandardOpenOption.APPEND);
    }

    /** A setting that takes hold with the next start. */
    void set(String setting, String value) {
        settings.put(setting, value);
    }

    private String setting(String which) {
        String value = settings.get(which);
        if (value == null) {
            throw new IllegalStateException("%s has no setting %s".formatted(name, which));
        }
        return value;
    }

    private Process running() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(name + " is not running");
        }
        return process;
    }

    private void reload() {
        try (Connection connection = dataSource(SUPERUSER).getConnection()) {
            String before = first(connection, "SELECT pg_conf_load_time()");
            first(connection, "SELECT pg_reload_conf()");
            for (int step = 0; first(connection, "SELECT pg_conf_load_time()").equals(before); step++) {
                if (step == STARTING_STEPS) {
                    throw new IllegalStateException(name + " does not read its settings again");
                }
                first(connection, "SELECT pg_sleep(0.01)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("%s refused: %s".formatted(name, e.getMessage()), e);
        }
    }

    private void awaitConnections() throws IOException {
        Process starting = running();
        for (int step = 0; step < STARTING_STEPS; step++) {
            try (Connection connection = dataSource(SUPERUSER, "postgres").getConnection()) {
                first(connection, "SELECT 1");
                return;
            } catch (SQLException notYet) {
                if (ended(starting, STEP_MILLIS)) {
                    throw new IOException("%s ended while starting: %s".formatted(name, log()));
                }
            }
        }
        throw new IOException("%s takes no connections: %s".formatted(name, log()));
    }

    private void await(Process ending) {
        if (!ended(ending, 20_000)) {
            end(ending);
            if (!ended(ending, 10_000)) {
                throw new IllegalStateException(name + " does not end");
            }
        }
    }

    private static void end(Process which) {
        try {
            Processes.end(which.pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ended(Process which, long withinMillis) {
        try {
            return which.waitFor(withinMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a server", e);
        }
    }

    private static String first(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            String answer = rows.next() ? rows.getString(1) : null;
            return answer == null ? "" : answer;
        }
    }

    private void writeSettings() {
        String text = settings.entrySet().stream()
                .map(each ->
                        "%s = '%s'".formatted(each.getKey(), each.getValue().replace("'", "''")))
                .collect(Collectors.joining("\n", "", "\n"));
        replace(dataDirectory().resolve("continuity.conf"), text);
    }

    private void writeProperties() {
        // Not through java.util.Properties, which would write the date.
        replace(properties(), """
                name=%s
                host=127.0.0.1
                port=%d
                database=%s
                superuser=%s
                passwordFile=%s
                dataDirectory=%s
                pid=%d
                """.formatted(
                        name, port, DATABASE, SUPERUSER, secrets.fileFor(SUPERUSER), dataDirectory(), pid()));
    }

    /** A reader sees the old text or the new, never half of it. */
    private void replace(Path file, String text) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, text);
            launcher.hand(fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
