package com.cybernance.continuity.examples.proof.sabotage;

import java.time.Duration;

/** One way to break a promise, and the way back. For one thread at a time. */
public interface Sabotage {
    /** What people type, for example {@code standby-async}. */
    String name();

    /** What is broken, in one sentence without a full stop. */
    String description();

    /** The sentences of the policy document whose verdict must change while it is broken, to what, and no others. */
    Moves mustMove();

    /** Whether the recovery key must still open what is kept while it is broken, and the key of every day must not. */
    default boolean leavesTheRecoveryKeyAlone() {
        return false;
    }

    /** How long after the break the verdicts may take to change. */
    default Duration patience() {
        return Duration.ofSeconds(40);
    }

    /** Breaks it. When this fails, {@link #repair()} is called as well. */
    void breakIt() throws Exception;

    /** Brings back what was, also after a break that came only half way. */
    void repair() throws Exception;
}
