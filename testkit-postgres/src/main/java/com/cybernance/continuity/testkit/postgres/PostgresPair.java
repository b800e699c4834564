package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A primary and its synchronous standby, each a real server: {@code primary_a} says of itself that it is in data centre
 * {@code north}, {@code standby_b} in {@code south}. Every commit waits until the standby has flushed it.
 *
 * <p>Roles: the superuser {@code postgres}; {@code replicator}; {@code continuity_monitor}, a member of {@code
 * pg_monitor}; {@code app_writer}, who owns the table {@code ledger} in database {@code app}; {@code reports}, who may
 * read it. Passwords are random for each run.
 *
 * <p>Closing, or the end of the JVM, ends the servers and removes their data. What a killed JVM leaves behind is
 * cleared away by the next start. For one thread at a time.
 */
public final class PostgresPair implements AutoCloseable {
    private final PostgresBinaries binaries;
    private final Launcher launcher;
    private final RunDirectory run;
    private final Secrets secrets;
    private final List<PostgresServer> servers = new ArrayList<>();
    private final Thread atExit = new Thread(this::discard, "continuity-postgres-exit");
    private boolean ended;

    private PostgresPair(PostgresBinaries binaries, Launcher launcher) throws IOException {
        this.binaries = binaries;
        this.launcher = launcher;
        this.run = RunDirectory.open();
        this.secrets = new Secrets(run.path(), launcher);
    }

    /** A pair of the version on the class path. */
    public static PostgresPair start() {
        return start(PostgresBinaries.ofClassPath());
    }

    /** A pair of another version. Takes a few seconds. */
    public static PostgresPair start(PostgresBinaries binaries) {
        return start(binaries, List.of());
    }

    /**
     * A pair whose cluster is made with further options of {@code initdb}, such as {@code --wal-segsize=1}. With {@code
     * --no-data-checksums}, which here every version understands, it has no page checksums; otherwise it has.
     */
    public static PostgresPair start(PostgresBinaries binaries, List<String> initdb) {
        return start(binaries, Launcher.choose(), initdb);
    }

    static PostgresPair start(PostgresBinaries binaries, Launcher launcher) {
        return start(binaries, launcher, List.of());
    }

    private static PostgresPair start(PostgresBinaries binaries, Launcher launcher, List<String> initdb) {
        PostgresPair pair = null;
        try {
            pair = new PostgresPair(binaries, launcher);
            Runtime.getRuntime().addShutdownHook(pair.atExit);
            pair.build(initdb);
            return pair;
        } catch (IOException | RuntimeException e) {
            if (pair != null) {
                pair.close();
            }
            throw e instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) e;
        }
    }

    /** The server that takes the writes. */
    public PostgresServer primary() {
        return servers.get(0);
    }

    /** The server that every commit waits for. */
    public PostgresServer standby() {
        return servers.get(1);
    }

    /** One more standby, streaming; no commit waits for it until {@code synchronous_standby_names} names it. */
    public PostgresServer addStandby(String name, String dataCentre) {
        PostgresServer standby = server(name, dataCentre);
        try {
            StandbyClone.of(primary(), standby, secrets, launcher);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        servers.add(standby);
        standby.start();
        primary()
                .await(
                        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn IS NOT NULL AND application_name = '%s'"
                                .formatted(name),
                        "1");
        return standby;
    }

    /**
     * Ends a standby that {@link #addStandby} made, and removes its data and its slot, which would hold the primary's log
     * back for ever. No commit may wait for it any more.
     */
    public void removeStandby(PostgresServer added) {
        if (servers.indexOf(added) < 2) {
            throw new IllegalArgumentException("%s was not added to this pair".formatted(added));
        }
        servers.remove(added);
        if (added.isRunning()) {
            added.kill();
        }
        String slot = "FROM pg_replication_slots WHERE slot_name = '%s'".formatted(added.name());
        primary().await("SELECT bool_or(active) " + slot, "f");
        primary().execute("SELECT pg_drop_replication_slot(slot_name) " + slot);
        try {
            Workspace.deleteTree(added.dataDirectory());
            Files.deleteIfExists(added.properties());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where this run keeps its servers' data and, for each server, a file {@code NAME.properties}. */
    public Path directory() {
        return run.path();
    }

    /**
     * Leaves the servers running when this object is closed and when the JVM ends.
     *
     * @return how to stop them and remove their data, as commands for a shell
     */
    public String keep() {
        try {
            run.keep();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ended = true;
        Runtime.getRuntime().removeShutdownHook(atExit);
        String pids = servers.stream()
                .filter(PostgresServer::isRunning)
                .map(server -> Long.toString(server.pid()))
                .collect(Collectors.joining(" "));
        return "kill -QUIT %s; rm -r %s".formatted(pids, run.path());
    }

    @Override
    public void close() {
        if (!ended) {
            Runtime.getRuntime().removeShutdownHook(atExit);
            discard();
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL servers " + servers;
    }

    private void build(List<String> initdb) throws IOException {
        PostgresServer primary = server("primary_a", "north");
        servers.add(primary);
        primary.initialise(initdb);
        primary.start();
        makeRoles(primary);
        addStandby("standby_b", "south");
        primary.configure("synchronous_standby_names", "FIRST 1 (standby_b)");
        primary.await("SELECT sync_state FROM pg_stat_replication", "sync");
        boolean checksums = !initdb.contains(PostgresServer.NO_CHECKSUMS);
        Durability.assertOn(primary, checksums);
        Durability.assertOn(standby(), checksums);
    }

    private PostgresServer server(String name, String dataCentre) {
        return new PostgresServer(binaries, launcher, secrets, run.path(), name, dataCentre);
    }

    private void makeRoles(PostgresServer primary) {
        primary.executeIn(
                "postgres",
                "CREATE ROLE replicator LOGIN REPLICATION PASSWORD '%s'".formatted(secrets.of("replicator")),
                "CREATE ROLE continuity_monitor LOGIN PASSWORD '%s'".formatted(secrets.of("continuity_monitor")),
                "CREATE ROLE app_writer LOGIN PASSWORD '%s'".formatted(secrets.of("app_writer")),
                "CREATE ROLE reports LOGIN PASSWORD '%s'".formatted(secrets.of("reports")),
                "GRANT pg_monitor TO continuity_monitor",
                "CREATE DATABASE %s OWNER app_writer".formatted(PostgresServer.DATABASE));
        primary.execute("""
                CREATE TABLE ledger (
                    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    at timestamptz NOT NULL DEFAULT clock_timestamp(),
                    payload text NOT NULL)
                """, "ALTER TABLE ledger OWNER TO app_writer", "GRANT SELECT ON ledger TO reports");
    }

    private void discard() {
        ended = true;
        for (PostgresServer server : servers) {
            if (server.isRunning()) {
                server.kill();
            }
        }
        run.deleteQuietly();
    }
}
