package com.cybernance.continuity.examples.proof.sabotage;

/** The standby stops in the middle of everything: its connections stay open and nothing comes back. */
final class StandbyCutOff implements Sabotage {
    private final Server standby;

    StandbyCutOff(Server standby) {
        this.standby = standby;
    }

    @Override
    public String name() {
        return "standby-cut-off";
    }

    @Override
    public String description() {
        return "every process of the standby is frozen by a signal (SIGSTOP)";
    }

    @Override
    public Moves mustMove() {
        return Sabotages.COPY_BREACHED;
    }

    @Override
    public void breakIt() throws Exception {
        standby.signalAll("STOP");
    }

    @Override
    public void repair() throws Exception {
        standby.signalAll("CONT");
    }
}
