package com.cybernance.continuity.postgres.backup;

import java.time.Duration;

/** Holds a copy to a rate, over all of its time. For one thread. */
final class Pace {
    private final Patience patience;
    private final double nanosPerByte;
    private final long since;
    private long bytes;

    /** @param kibibytesPerSecond 0 for no limit */
    Pace(Patience patience, long kibibytesPerSecond) {
        this.patience = patience;
        this.nanosPerByte = kibibytesPerSecond == 0 ? 0 : 1e9 / (1024.0 * kibibytesPerSecond);
        this.since = patience.now();
    }

    /** Notes that so many bytes came, and waits until they were due. Fails when the end is wished. */
    void came(long more) {
        patience.check();
        bytes += more;
        long early = (long) (bytes * nanosPerByte) - (patience.now() - since);
        if (early > 0) {
            long now = patience.now();
            while (patience.pause(now, Duration.ofNanos(early))) {
                // It waits in steps.
            }
        }
    }

    long bytes() {
        return bytes;
    }
}
