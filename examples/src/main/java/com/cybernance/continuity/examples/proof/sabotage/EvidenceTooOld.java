package com.cybernance.continuity.examples.proof.sabotage;

import java.time.Duration;

/**
 * The watcher gets no connection. That tells nothing about the servers, so what it saw last stands until it is too old.
 */
final class EvidenceTooOld implements Sabotage {
    private static final String WATCHER = "continuity_monitor";
    private static final String TURN_OUT =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'".formatted(WATCHER);

    private final Server primary;
    private final Server standby;

    EvidenceTooOld(Server primary, Server standby) {
        this.primary = primary;
        this.standby = standby;
    }

    @Override
    public String name() {
        return "evidence-too-old";
    }

    @Override
    public String description() {
        return "the watcher gets no connection any more (CONNECTION LIMIT 0), so what it saw grows old";
    }

    @Override
    public Moves mustMove() {
        return Sabotages.COPY_UNKNOWN;
    }

    /** The clause allows evidence of 45 seconds. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(75);
    }

    @Override
    public void breakIt() throws Exception {
        String limit = "ALTER ROLE %s CONNECTION LIMIT 0".formatted(WATCHER);
        primary.execute(limit, TURN_OUT);
        // The limit comes to the standby with the log.
        standby.await("SELECT rolconnlimit FROM pg_roles WHERE rolname = '%s'".formatted(WATCHER), "0");
        standby.execute(TURN_OUT);
    }

    @Override
    public void repair() throws Exception {
        primary.execute("ALTER ROLE %s CONNECTION LIMIT -1".formatted(WATCHER));
    }
}
