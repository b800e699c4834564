package com.cybernance.continuity.examples.proof.sabotage;

import java.util.List;

/** Breaks and repairs with statements on one server, as its owner. */
final class BySql implements Sabotage {
    private final String name;
    private final String description;
    private final Server server;
    private final List<String> breaks;
    private final List<String> repairs;
    private final List<String> mustMove;

    BySql(
            String name,
            String description,
            Server server,
            List<String> breaks,
            List<String> repairs,
            List<String> mustMove) {
        this.name = name;
        this.description = description;
        this.server = server;
        this.breaks = List.copyOf(breaks);
        this.repairs = List.copyOf(repairs);
        this.mustMove = List.copyOf(mustMove);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<String> mustMove() {
        return mustMove;
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
