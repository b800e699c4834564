package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server as anybody sees it who may read the files of the run: its address, its owner's password, its process. */
final class Server {
    private final Path file;

    /** Reads {@code NAME.properties} whenever it needs to know something: a restarted server has another process. */
    Server(Path file) {
        this.file = file;
    }

    String fact(String name) throws IOException {
        Properties facts = new Properties();
        try (var in = Files.newInputStream(file)) {
            facts.load(in);
        }
        String value = facts.getProperty(name);
        if (value == null) {
            throw new IOException("%s says nothing of '%s'".formatted(file, name));
        }
        return value;
    }

    String url() throws IOException {
        return "jdbc:postgresql://%s:%s/%s".formatted(fact("host"), fact("port"), fact("database"));
    }

    /** The owner's credentials, with limits on how long a dead server can hold up its saboteur. */
    Properties credentials() throws IOException {
        Properties credentials = new Properties();
        credentials.setProperty("user", fact("superuser"));
        credentials.setProperty("password", Files.readString(Path.of(fact("passwordFile"))));
        credentials.setProperty("ApplicationName", "saboteur");
        credentials.setProperty("loginTimeout", "10");
        credentials.setProperty("socketTimeout", "20");
        return credentials;
    }

    /** Runs statements as the owner, each in a transaction of its own. */
    void execute(String... statements) throws IOException, SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the first row as text; {@code ""} for NULL or no row. */
    String ask(String sql) throws IOException, SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            String answer = rows.next() ? rows.getString(1) : null;
            return answer == null ? "" : answer;
        }
    }

    /** Waits, at most ten seconds, until the query answers this. */
    void await(String sql, String expected) throws IOException, SQLException {
        String answer = "";
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            for (int step = 0; step < 200; step++) {
                try (ResultSet rows = statement.executeQuery(sql)) {
                    answer = rows.next() ? String.valueOf(rows.getString(1)) : "";
                }
                if (answer.equals(expected)) {
                    return;
                }
                statement.execute("SELECT pg_sleep(0.05)");
            }
        }
        throw new IOException("%s still answers '%s' instead of '%s' to: %s".formatted(file, answer, expected, sql));
    }

    /** Sends a signal to the server's first process alone. */
    void signal(String name) throws IOException, InterruptedException {
        kill(name, List.of(pid()));
    }

    /** Sends a signal to every process of the server: stopping the first alone would leave the others at work. */
    void signalAll(String name) throws IOException, InterruptedException {
        long first = pid();
        kill(
                name,
                Stream.concat(
                                Stream.of(first),
                                ProcessHandle.of(first).stream()
                                        .flatMap(ProcessHandle::descendants)
                                        .map(ProcessHandle::pid))
                        .toList());
    }

    private long pid() throws IOException {
        return Long.parseLong(fact("pid"));
    }

    private Connection open() throws IOException, SQLException {
        return DriverManager.getConnection(url(), credentials());
    }

    private static void kill(String name, List<Long> pids) throws IOException, InterruptedException {
        String list = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        // A process that has ended meanwhile is no failure; the first one is there or the others would not be.
        new ProcessBuilder("sh", "-c", "kill -%s %s 2>/dev/null; true".formatted(name, list))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
