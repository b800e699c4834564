package com.cybernance.continuity.examples.proof.sabotage;

/** What a sabotage says of itself. */
abstract class Described implements Sabotage {
    private final String name;
    private final String description;
    private final Moves mustMove;

    Described(String name, String description, Moves mustMove) {
        this.name = name;
        this.description = description;
        this.mustMove = mustMove;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final Moves mustMove() {
        return mustMove;
    }
}
