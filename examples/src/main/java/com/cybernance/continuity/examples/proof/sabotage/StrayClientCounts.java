package com.cybernance.continuity.examples.proof.sabotage;

import org.jspecify.annotations.Nullable;

/** Commits wait for whoever calls first, and that is a client which keeps nothing. */
final class StrayClientCounts implements Sabotage {
    private static final String STRAY = "stray_client";
    private static final String STANDBYS =
            "SELECT string_agg(application_name || ' ' || sync_state, ', ' ORDER BY application_name) FROM pg_stat_replication WHERE application_name <> 'continuity'";

    private final Server primary;
    private @Nullable StrayClient stray;

    StrayClientCounts(Server primary) {
        this.primary = primary;
    }

    @Override
    public String name() {
        return "stray-client-counts";
    }

    @Override
    public String description() {
        return "synchronous_standby_names is '*', and a client that keeps nothing came before the standby";
    }

    @Override
    public Moves mustMove() {
        return Sabotages.ALL_COPIES_BREACHED;
    }

    @Override
    public void breakIt() throws Exception {
        // Among equals the place in the primary's list decides, so the standby has to leave its own for a moment.
        primary.execute(
                "ALTER SYSTEM SET synchronous_standby_names = '*'",
                "SELECT pg_reload_conf()",
                "ALTER ROLE replicator NOLOGIN",
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_replication");
        StrayClient client = StrayClient.connect(primary, STRAY);
        stray = client;
        client.start();
        primary.execute("ALTER ROLE replicator LOGIN");
        primary.await(STANDBYS, "standby_b potential, %s sync".formatted(STRAY));
    }

    @Override
    public void repair() throws Exception {
        primary.execute(
                "ALTER ROLE replicator LOGIN",
                "ALTER SYSTEM RESET synchronous_standby_names",
                "SELECT pg_reload_conf()");
        if (stray != null) {
            stray.end();
        }
    }
}
