package com.cybernance.continuity.benchmarks;

import java.time.Duration;

/** Ctrl-C and SIGTERM interrupt the thread that works, and the process waits until it has put things in order. */
final class EndedEarly {
    private EndedEarly() {}

    /** To be called by the thread that works. */
    static void interrupts(Thread worker, Duration atMost) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            worker.interrupt();
                            try {
                                worker.join(atMost.toMillis());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "ended early"));
    }
}
