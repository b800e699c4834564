package com.cybernance.continuity.examples.proof.sabotage;

import java.time.Duration;
import java.util.List;

/** One way to break a promise, and the way back. For one thread at a time. */
public interface Sabotage {
    /** What people type, for example {@code standby-async}. */
    String name();

    /** What is broken, in one sentence without a full stop. */
    String description();

    /** The sentences of the policy document whose verdict must change while it is broken, and no others. */
    List<String> mustMove();

    /** How long after the break the verdicts may take to change. */
    default Duration patience() {
        return Duration.ofSeconds(40);
    }

    /** Breaks it. When this fails, {@link #repair()} is called as well. */
    void breakIt() throws Exception;

    /** Brings back what was, also after a break that came only half way. */
    void repair() throws Exception;
}
