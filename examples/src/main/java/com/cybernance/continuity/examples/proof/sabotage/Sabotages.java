package com.cybernance.continuity.examples.proof.sabotage;

import java.nio.file.Path;
import java.util.List;

/** All sabotages of a pair that consists of {@code primary_a} and {@code standby_b}. */
public final class Sabotages {
    /** The sentences that stand on the synchronous copy. */
    static final List<String> SYNCHRONOUS_COPY = List.of("1.8", "1.9", "2.1", "2.2");

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
                        List.of("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")),
                new BySql(
                        "role-commits-off",
                        "one role is told of commits before they are safe (synchronous_commit = off for app_writer)",
                        primary,
                        List.of("ALTER ROLE app_writer SET synchronous_commit = off"),
                        List.of("ALTER ROLE app_writer RESET synchronous_commit")),
                new StrayClientCounts(primary),
                new StrayClientInDisguise(primary),
                new StandbyCutOff(standby),
                new SameDataCentre(primary, standby),
                new BySql(
                        "monitoring-revoked",
                        "the watcher loses its right to see other sessions (pg_monitor revoked)",
                        primary,
                        List.of("REVOKE pg_monitor FROM continuity_monitor"),
                        List.of("GRANT pg_monitor TO continuity_monitor")),
                new EvidenceTooOld(primary, standby));
    }
}
