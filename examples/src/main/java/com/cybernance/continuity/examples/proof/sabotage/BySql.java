package com.cybernance.continuity.examples.proof.sabotage;

import java.time.Duration;
import java.util.List;

/** Breaks and repairs with statements on one server, as its owner. */
final class BySql extends Described {
    private final Server server;
    private final Duration patience;
    private final List<String> breaks;
    private final List<String> repairs;

    BySql(
            String name,
            String description,
            Server server,
            List<String> breaks,
            List<String> repairs,
            Moves mustMove,
            Duration patience) {
        super(name, description, mustMove);
        this.server = server;
        this.breaks = List.copyOf(breaks);
        this.repairs = List.copyOf(repairs);
        this.patience = patience;
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public void breakIt() throws Exception {
        server.execute(breaks.toArray(String[]::new));
    }

    @Override
    public void repair() throws Exception {
        server.execute(repairs.toArray(String[]::new));
    }
}
