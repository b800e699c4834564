package com.cybernance.continuity.postgres.receive;

import java.io.IOException;

/**
 * Decides which call of a disk or a vault fails, and how. Thread-safe: packing, storing and committing have threads of
 * their own, so how many calls a life has is the same each time, and which of them has a number may differ a little.
 */
final class Cut {
    private final Mode mode;
    private final long failing;
    private long calls;
    private boolean happened;

    /** What becomes of the one call. */
    enum Mode {
        /** It does nothing, and says that there is no room. */
        FAILS,
        /** It does everything, and says that there is no room. */
        FAILS_WHEN_DONE,
        /** It and all that follow do nothing any more: the process, or its machine, is gone. */
        DIES
    }

    /** @param failing the call, from 1; 0 for none */
    Cut(Mode mode, long failing) {
        this.mode = mode;
        this.failing = failing;
    }

    synchronized boolean happened() {
        return happened;
    }

    synchronized long calls() {
        return calls;
    }

    /** Comes before what a call does. */
    synchronized void before() throws IOException {
        calls++;
        if (mode == Mode.DIES && happened) {
            throw new IOException("the disk was cut off");
        }
        if (calls == failing && mode != Mode.FAILS_WHEN_DONE) {
            happened = true;
            throw new IOException(mode == Mode.DIES ? "the disk was cut off" : "No space left on device");
        }
    }

    /** Comes after it. */
    synchronized void after() throws IOException {
        if (calls == failing && mode == Mode.FAILS_WHEN_DONE && !happened) {
            happened = true;
            throw new IOException("No space left on device");
        }
    }
}
