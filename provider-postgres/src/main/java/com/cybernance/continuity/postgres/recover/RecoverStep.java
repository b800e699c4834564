package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.spi.Restorer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Starts the restored server and lets it replay until it stands still at the target; then lets it take writes. */
final class RecoverStep {
    private static final int STEP_MILLIS = 50;

    /** The first looks follow each other closer: most servers are there at once. */
    private static final int FIRST_STEP_MILLIS = 5;

    private static final int MOST_UNREACHED = 1_200;
    private static final int PROMOTING_SECONDS = 120;

    private final RestoredServer server;
    private final Connections connections;
    private final IntSupplier ports;
    private final Target target;
    private int unreached;

    RecoverStep(RestoredServer server, Connections connections, IntSupplier ports, Target target) {
        this.server = server;
        this.connections = connections;
        this.ports = ports;
        this.target = target;
    }

    /** What the server says of itself. */
    private record State(boolean inRecovery, boolean paused, Lsn replayed, String lastCommit, String system) {}

    /** A server that fails is ended, so that the step can be begun again with other settings. */
    Map<String, String> recover(Job job) throws IOException {
        ProcessHandle process = server.running(ports);
        try {
            return standStill(job, process);
        } catch (IOException | RuntimeException e) {
            if (!(e instanceof ContinuityException said) || said.kind() != FailureKind.INTERRUPTED) {
                endAfter(e);
            }
            throw e;
        }
    }

    private void endAfter(Exception failure) {
        try {
            server.stop();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private Map<String, String> standStill(Job job, ProcessHandle process) throws IOException {
        for (int step = FIRST_STEP_MILLIS; ; step = Math.min(STEP_MILLIS, step + 1)) {
            failOnFatal(process);
            Optional<State> asked = ask();
            if (asked.isPresent()) {
                State state = asked.get();
                if (!state.inRecovery() || state.paused()) {
                    // It also pauses for want of a setting, and says so in its log first: maybe since the last look.
                    failOnFatal(process);
                    return reached(state);
                }
                job.say("replayed up to %s of %s".formatted(state.replayed(), target.end()));
            }
            RestoredServer.ended(process, step);
        }
    }

    Map<String, String> promote(Job job) throws IOException {
        ProcessHandle process = server.running(ports);
        job.say("promoting");
        for (int step = 0; ; step++) {
            failOnFatal(process);
            Optional<State> state = ask();
            if (state.isPresent() && !state.get().inRecovery()) {
                break;
            }
            if (state.isPresent() && state.get().paused() && step % 100 == 0) {
                tell("SELECT pg_promote(false)::text WHERE current_setting('%s', true) = '%s'"
                        .formatted(ServerSettings.MARK, server.run()));
            }
            if (step * STEP_MILLIS > PROMOTING_SECONDS * 1000) {
                throw new ContinuityException(
                        FailureKind.TIMED_OUT,
                        "the restored server does not leave recovery within %d s".formatted(PROMOTING_SECONDS),
                        "see its log " + server.log());
            }
            RestoredServer.ended(process, STEP_MILLIS);
        }
        int timeline = Integer.parseInt(tell("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"), 16);
        if (timeline <= target.timeline()) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the restored server writes timeline %d, expected one after %d"
                            .formatted(timeline, target.timeline()),
                    "do not use it; discard the run and report this");
        }
        Map<String, String> results = way();
        results.put("lineage.timeline", Integer.toString(timeline));
        return results;
    }

    private Map<String, String> reached(State state) {
        if (!state.inRecovery()) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the restored server left recovery by itself at %s, expected it to wait at %s"
                            .formatted(state.replayed(), target.end()),
                    "do not use it; discard the run and see " + server.log());
        }
        if (!state.replayed().equals(target.end())) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "recovery stopped at %s, expected %s, the end of %s"
                            .formatted(state.replayed(), target.end(), target),
                    "do not use it; discard the run and see " + server.log());
        }
        try {
            Map<String, String> results = way();
            results.put("position", state.replayed().toString());
            // The server does not count the commit that it stops at; the position shows that it has it.
            results.put("reached", target.at().map(Object::toString).orElse(state.lastCommit()));
            results.put("system", state.system());
            return results;
        } catch (IOException e) {
            throw Words.of("asking the restored server", e);
        }
    }

    private Map<String, String> way() throws IOException {
        Map<String, String> results = new TreeMap<>();
        results.put("host", RestoredServer.HOST);
        results.put("port", Integer.toString(server.port()));
        results.put(Restorer.ANSWERS, "%s:%d answers".formatted(RestoredServer.HOST, server.port()));
        return results;
    }

    private void failOnFatal(ProcessHandle process) throws IOException {
        boolean alive = process.isAlive();
        Optional<String> settings = server.lineWith("insufficient parameter settings");
        if (settings.isPresent()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the restored server cannot go on: " + settings.get() + "; " + server.lastWords(),
                    "give the restorer the setting that it names, at least as large as at the source");
        }
        Optional<String> fatal = server.fatalLine();
        if (fatal.isPresent() || !alive) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the restored server gave up: " + fatal.orElse("it ended; " + server.lastWords()),
                    "its log is " + server.log());
        }
    }

    /** Empty while the server does not take connections. */
    private Optional<State> ask() throws IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT pg_is_in_recovery(),
                               CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() = 'paused' END,
                               coalesce(pg_last_wal_replay_lsn(), '0/0')::text,
                               to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                               (SELECT system_identifier::text FROM pg_control_system()),
                               current_setting('%s', true)
                        """.formatted(ServerSettings.MARK))) {
            rows.next();
            refuseAnother(rows.getString(6));
            unreached = 0;
            @Nullable String last = rows.getString(4);
            @Nullable String system = rows.getString(5);
            return Optional.of(new State(
                    rows.getBoolean(1),
                    rows.getBoolean(2),
                    Lsn.parse(String.valueOf(rows.getString(3))),
                    last == null ? "" : last,
                    system == null ? "" : system));
        } catch (SQLException e) {
            refuseUnlessStarting(e);
            if (String.valueOf(e.getSQLState()).startsWith("08") && ++unreached > MOST_UNREACHED) {
                throw new ContinuityException(
                        FailureKind.UNREACHABLE,
                        "the restored server takes connections at %s:%d, and none comes about: %s"
                                .formatted(RestoredServer.HOST, server.port(), e.getMessage()),
                        "give the restorer connections to the host and port that it is asked for",
                        e);
            }
            return Optional.empty();
        }
    }

    /** Connections that lead elsewhere, to the source perhaps, must never be told to promote. */
    private void refuseAnother(@Nullable String run) {
        if (!server.run().equals(run)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the connections lead to another server than the restored one: its %s is '%s', expected '%s'"
                            .formatted(ServerSettings.MARK, run, server.run()),
                    "give the restorer connections to the host and port that it is asked for");
        }
    }

    private String tell(String sql) throws IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        } catch (SQLException e) {
            throw new IOException("the restored server refused: " + e.getMessage(), e);
        }
    }

    private Connection connect() throws SQLException, IOException {
        if (!server.takesConnections()) {
            throw new SQLException("not there yet", "57P03");
        }
        return connections.to(RestoredServer.HOST, server.port(), "postgres").getConnection();
    }

    /** Only what a server that starts or ends answers may be waited out. */
    private static void refuseUnlessStarting(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("57P") || state.startsWith("08")) {
            return;
        }
        throw new ContinuityException(
                FailureKind.DENIED,
                "the restored server answered %s: %s".formatted(state, e.getMessage()),
                "give the restorer connections of a superuser with the password of that moment",
                e);
    }
}
