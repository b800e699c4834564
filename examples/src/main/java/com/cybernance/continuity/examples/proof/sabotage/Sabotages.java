package com.cybernance.continuity.examples.proof.sabotage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All sabotages of a pair that consists of {@code primary_a} and {@code standby_b}, and of its vaults {@code east} and
 * {@code west}, of which the latter is offsite and sealed.
 */
public final class Sabotages {
    /** The sentences that stand on the synchronous copy. */
    private static final List<String> SYNCHRONOUS_COPY = List.of("1.8", "1.9", "2.1", "2.2");

    /** Those that stand on copies which survive the loss of every server, wherever they are. */
    private static final List<String> COPIES_ELSEWHERE = List.of("1.1", "1.12", "2.5");

    /** Those that stand on a restore from what a vault holds. */
    private static final List<String> RESTORE = List.of("1.1", "1.11", "2.4");

    /** No commit is safe elsewhere. */
    static final Moves COPY_BREACHED = Moves.breached(SYNCHRONOUS_COPY);

    /** As above, and whoever takes the log has no place: such a place counts as shared, with every vault. */
    static final Moves ALL_COPIES_BREACHED = COPY_BREACHED.andBreached(COPIES_ELSEWHERE);

    /** Nobody knows whether a commit is safe elsewhere. */
    static final Moves COPY_UNKNOWN = Moves.unknown(SYNCHRONOUS_COPY);

    /** The policy lets the log pause for a minute, and no scale makes that shorter. */
    static final Duration LONGER_THAN_THE_LOG_MAY_PAUSE = Duration.ofSeconds(100);

    /** Every byte of the vaults is read from time to time. */
    static final Duration UNTIL_ALL_WAS_READ = Duration.ofSeconds(60);

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String LOG_ROLE = "continuity_backup";

    private Sabotages() {}

    /**
     * All of them, in the order in which they are best tried. Does no I/O: the files are read by breaking and repairing.
     *
     * @param run the directory with {@code primary_a.properties}, {@code standby_b.properties}, the vaults and the keys
     */
    public static List<Sabotage> of(Path run) {
        List<Sabotage> all = new ArrayList<>();
        Server primary = new Server(run.resolve("primary_a.properties"));
        ofServers(all, primary, new Server(run.resolve("standby_b.properties")));
        ofVaults(all, run, primary);
        return List.copyOf(all);
    }

    private static void ofServers(List<Sabotage> all, Server primary, Server standby) {
        all.add(new BySql(
                "standby-async",
                "no commit waits for the standby any more (synchronous_standby_names emptied)",
                primary,
                List.of("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"),
                List.of("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"),
                COPY_BREACHED,
                SOON));
        all.add(new BySql(
                "role-commits-off",
                "one role is told of commits before they are safe (synchronous_commit = off for app_writer)",
                primary,
                List.of("ALTER ROLE app_writer SET synchronous_commit = off"),
                List.of("ALTER ROLE app_writer RESET synchronous_commit"),
                COPY_BREACHED,
                SOON));
        all.add(new StrayClientCounts(primary));
        all.add(new StrayClientInDisguise(primary));
        all.add(new StandbyCutOff(standby));
        all.add(new SameDataCentre(primary, standby));
        all.add(new BySql(
                "monitoring-revoked",
                "the watcher loses its right to see other sessions (pg_monitor revoked)",
                primary,
                List.of("REVOKE pg_monitor FROM continuity_monitor"),
                List.of("GRANT pg_monitor TO continuity_monitor"),
                COPY_UNKNOWN.andUnknown(COPIES_ELSEWHERE),
                SOON));
        all.add(new EvidenceTooOld(primary, standby));
    }

    private static void ofVaults(List<Sabotage> all, Path run, Server primary) {
        VaultFiles near = new VaultFiles(run, "east");
        VaultFiles offsite = new VaultFiles(run, "west");
        all.add(new BySql(
                "receiver-stopped",
                "the receiver of the log gets no connection any more (its role NOLOGIN, its session ended)",
                primary,
                List.of(
                        "ALTER ROLE %s NOLOGIN".formatted(LOG_ROLE),
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_replication WHERE usename = '%s'"
                                .formatted(LOG_ROLE)),
                List.of("ALTER ROLE %s LOGIN".formatted(LOG_ROLE)),
                Moves.breached(List.of("1.1")).andUnknown(List.of("1.12", "2.5")),
                LONGER_THAN_THE_LOG_MAY_PAUSE));
        all.add(new LogPieceDeleted(near, Moves.breached(RESTORE)));
        all.add(new BackupByteFlipped(near, Moves.breached(RESTORE)));
        all.add(new VaultUnreachable(offsite, Moves.unknown(List.of("1.1"))));
        all.add(new OnlineKeyRevoked(run.resolve("keys/online.json"), Moves.unknown(List.of("1.1"))));
        all.add(new ClockSteppedBack(
                run.resolve("clock-offset"), Moves.unknown(List.of("1.1", "1.11", "1.12", "2.4", "2.5"))));
        all.add(new VaultDiskFull(near, Moves.breached(List.of("1.1"))));
    }
}
