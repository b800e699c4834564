package com.cybernance.continuity.postgres.recover;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Check;
import com.cybernance.continuity.facts.Comparison.Outcome;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a promoted restore with its plan, and reads all of it: the position and timeline reached, every page's checksum,
 * every B-tree against its table and every table with {@code amcheck}, every row, and what the embedder knows of its own
 * data. Creates the extension {@code amcheck} in the restored databases that lack it. Thread-safe.
 */
public final class PostgresVerifier implements Verifier {
    private final Connections connections;
    private final List<LedgerCheck> ledgers;

    private PostgresVerifier(Connections connections, List<LedgerCheck> ledgers) {
        this.connections = requireNonNull(connections, "connections");
        this.ledgers = List.copyOf(ledgers);
    }

    /**
     * A verifier that asks the restored server.
     *
     * @param connections ways in as a superuser
     * @param ledgers what the embedder knows; may be empty
     */
    public static PostgresVerifier of(Connections connections, List<LedgerCheck> ledgers) {
        return new PostgresVerifier(connections, ledgers);
    }

    /** One check: what it found amiss; empty when it passed. */
    @FunctionalInterface
    private interface Body {
        Optional<String> run(RestoredDatabase postgres) throws SQLException, IOException;
    }

    @Override
    public Comparison compare(String run, RestoreRequest request, Map<String, String> results, Deadline deadline) {
        Target target = Target.read(results);
        String position = results.getOrDefault("position", "");
        List<Check> checks = new ArrayList<>();
        checks.add(check(
                "position",
                position.equals(target.end().toString()),
                "stopped at %s, planned %s".formatted(position.isEmpty() ? "an unknown position" : position, target)));
        Asking asking = new Asking(results, deadline);
        Check server = asking.check("server", "postgres", "the restored one", postgres -> server(postgres, run));
        checks.add(server);
        if (server.outcome() != Outcome.PASSED) {
            // Whatever answers there, it is not ours to look through.
            return new Comparison(reached(results), position, checks);
        }
        checks.add(
                asking.check("timeline", "postgres", "a timeline of its own", postgres -> timeline(postgres, target)));
        checks.add(asking.check(
                "cluster", "postgres", "the same system identifier", postgres -> cluster(postgres, results)));
        checks.add(asking.check(
                "page checksums", "postgres", "every page", postgres -> pages(postgres, results, deadline)));
        for (String database : asking.databases(checks)) {
            checks.add(asking.check("indexes of " + database, database, "every B-tree", RestoredDatabase::indexes));
            checks.add(asking.check("tables of " + database, database, "every table", RestoredDatabase::heaps));
            checks.add(asking.check("rows of " + database, database, "every row", RestoredDatabase::rows));
            checks.add(asking.unlogged(database));
        }
        for (LedgerCheck ledger : ledgers) {
            checks.add(asking.check(
                    ledger.name(),
                    ledger.database(),
                    "as known",
                    postgres -> ledger.mismatch(postgres.answer(ledger.query()))));
        }
        return new Comparison(reached(results), position, checks);
    }

    private static Optional<String> server(RestoredDatabase postgres, String run) throws SQLException {
        String answer = postgres.answer("SELECT current_setting('%s', true)".formatted(ServerSettings.MARK))
                .orElse("");
        return answer.equals(run)
                ? Optional.empty()
                : Optional.of("%s is '%s', expected '%s'".formatted(ServerSettings.MARK, answer, run));
    }

    private static Optional<String> timeline(RestoredDatabase postgres, Target target) throws SQLException {
        String answer = postgres.answer(
                        "SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END")
                .orElse("");
        boolean own = !answer.isEmpty() && Integer.parseInt(answer, 16) > target.timeline();
        return own
                ? Optional.empty()
                : Optional.of("timeline '%s', expected one after %d".formatted(answer, target.timeline()));
    }

    private static Optional<String> cluster(RestoredDatabase postgres, Map<String, String> results)
            throws SQLException {
        String expected = results.getOrDefault("cluster", "");
        String answer = postgres.answer("SELECT system_identifier::text FROM pg_control_system()")
                .orElse("");
        return answer.equals(expected)
                ? Optional.empty()
                : Optional.of("system identifier %s, expected %s".formatted(answer, expected));
    }

    private static Optional<String> pages(RestoredDatabase postgres, Map<String, String> results, Deadline deadline)
            throws SQLException, IOException {
        if (!postgres.answer("SHOW data_checksums").equals(Optional.of("on"))) {
            throw new SQLException("the cluster's pages carry no checksums");
        }
        return new RestoredPages(Path.of(results.getOrDefault("data", "")))
                .wrong(
                        () -> {
                            if (deadline.remaining().isZero()
                                    || deadline.remaining().isNegative()) {
                                throw new SQLException("no time was left");
                            }
                        },
                        () -> postgres.execute("CHECKPOINT"));
    }

    private static Optional<Instant> reached(Map<String, String> results) {
        try {
            return Optional.of(Instant.parse(results.getOrDefault("reached", "")));
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    private static Check check(String name, boolean passed, String detail) {
        return new Check(name, passed ? Outcome.PASSED : Outcome.FAILED, detail);
    }

    /** Asks one restored server until a deadline. */
    private final class Asking {
        private final Map<String, String> results;
        private final Deadline deadline;

        Asking(Map<String, String> results, Deadline deadline) {
            this.results = results;
            this.deadline = deadline;
        }

        Check check(String name, String database, String good, Body body) {
            try (RestoredDatabase open = open(database)) {
                return body.run(open)
                        .map(amiss -> new Check(name, Outcome.FAILED, amiss))
                        .orElseGet(() -> new Check(name, Outcome.PASSED, good));
            } catch (SQLException | IOException | RuntimeException e) { // an embedder's code is among them
                return new Check(name, Outcome.COULD_NOT_RUN, String.valueOf(e.getMessage()));
            }
        }

        /** Not a fault: the server empties unlogged tables after every recovery. It must be said all the same. */
        Check unlogged(String database) {
            String name = "unlogged tables of " + database;
            try (RestoredDatabase open = open(database)) {
                List<String> tables = open.unlogged();
                return new Check(
                        name,
                        Outcome.PASSED,
                        tables.isEmpty() ? "none" : "empty after a restore, as they are by nature: " + tables);
            } catch (SQLException e) {
                return new Check(name, Outcome.COULD_NOT_RUN, String.valueOf(e.getMessage()));
            }
        }

        List<String> databases(List<Check> checks) {
            try (RestoredDatabase open = open("postgres")) {
                return open.column("SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname");
            } catch (SQLException e) {
                checks.add(new Check("databases", Outcome.COULD_NOT_RUN, String.valueOf(e.getMessage())));
                return List.of();
            }
        }

        private RestoredDatabase open(String database) throws SQLException {
            long millis = deadline.remaining().toMillis();
            if (millis <= 0) {
                throw new SQLException("no time was left");
            }
            int port = Integer.parseInt(results.getOrDefault("port", "0"));
            return RestoredDatabase.open(
                    connections.to(results.getOrDefault("host", RestoredServer.HOST), port, database), deadline);
        }
    }
}
