package com.cybernance.continuity.postgres.pipe;

/** Ends threads that were started to help another one. */
public final class Threads {
    private Threads() {}

    /**
     * Interrupts a thread and returns when it is dead, so that what it touched may be used or closed. Waits also when the
     * caller is interrupted; the caller's interruption is kept. May be called again, and for a thread that never started.
     */
    public static void end(Thread thread) {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
