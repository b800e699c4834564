package com.cybernance.continuity.examples.proof.sabotage;

import java.nio.file.Path;
import java.util.List;

/** All sabotages of a pair that consists of {@code primary_a} and {@code standby_b}. */
public final class Sabotages {
    /** The sentences that stand on the synchronous copy. */
    static final List<String> SYNCHRONOUS_COPY = List.of("1.8", "1.9", "2.1", "2.2");

    /**
     * As above, and those that stand on copies that survive the loss of every server: nobody can tell that of them while
     * the place of a client that takes the log, or of the servers, is not known.
     */
    static final List<String> ALL_COPIES = List.of("1.1", "1.8", "1.9", "1.12", "2.1", "2.2", "2.5");

    private Sabotages() {}

    /**
     * All of them, in the order in which they are best tried. Does no I/O: the files are read by breaking and repairing.
     *
     * @param run the directory in which the pair keeps {@code primary_a.properties} and {@code standby_b.properties}
     */
    public static List<Sabotage> of(Path run) {
        Server primary = new Server(run.resolve("primary_a.properties"));
        Server standby = new Server(run.resolve("standby_b.properties"));
        return List.of(
                new BySql(
                        "standby-async",
                        "no commit waits for the standby any more (synchronous_standby_names emptied)",
                        primary,
                        List.of("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"),
                        List.of("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"),
                        SYNCHRONOUS_COPY),
                new BySql(
                        "role-commits-off",
                        "one role is told of commits before they are safe (synchronous_commit = off for app_writer)",
                        primary,
                        List.of("ALTER ROLE app_writer SET synchronous_commit = off"),
                        List.of("ALTER ROLE app_writer RESET synchronous_commit"),
                        SYNCHRONOUS_COPY),
                new StrayClientCounts(primary),
                new StrayClientInDisguise(primary),
                new StandbyCutOff(standby),
                new SameDataCentre(primary, standby),
                new BySql(
                        "monitoring-revoked",
                        "the watcher loses its right to see other sessions (pg_monitor revoked)",
                        primary,
                        List.of("REVOKE pg_monitor FROM continuity_monitor"),
                        List.of("GRANT pg_monitor TO continuity_monitor"),
                        ALL_COPIES),
                new EvidenceTooOld(primary, standby));
    }
}
