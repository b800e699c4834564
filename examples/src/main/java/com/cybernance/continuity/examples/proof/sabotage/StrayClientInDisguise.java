package com.cybernance.continuity.examples.proof.sabotage;

import org.jspecify.annotations.Nullable;

/** Commits wait for the standby by its own name, but a client that keeps nothing has taken the name. */
final class StrayClientInDisguise implements Sabotage {
    private static final String STANDBY = "standby_b";
    private static final String STANDBYS =
            "SELECT string_agg(application_name || ' ' || sync_state, ', ' ORDER BY application_name) FROM pg_stat_replication WHERE application_name <> 'continuity'";

    private final Server primary;
    private @Nullable StrayClient stray;

    StrayClientInDisguise(Server primary) {
        this.primary = primary;
    }

    @Override
    public String name() {
        return "stray-client-in-disguise";
    }

    @Override
    public String description() {
        return "the standby is kept out, and a client that keeps nothing calls itself by the standby's name";
    }

    @Override
    public Moves mustMove() {
        return Sabotages.ALL_COPIES_BREACHED;
    }

    @Override
    public void breakIt() throws Exception {
        primary.execute(
                "ALTER ROLE replicator NOLOGIN", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_replication");
        StrayClient client = StrayClient.connect(primary, STANDBY);
        stray = client;
        client.start();
        primary.await(STANDBYS, STANDBY + " sync");
    }

    @Override
    public void repair() throws Exception {
        // After half a break nobody may be there to confirm, and the repair must not wait for what it is to bring back.
        primary.execute("SET synchronous_commit = local", "ALTER ROLE replicator LOGIN");
        if (stray != null) {
            stray.end();
        }
    }
}
