package com.cybernance.continuity.postgres.receive;

import java.time.Duration;

/** How long to wait before the next attempt: twice as long after each failure, up to a bound. For one thread. */
final class Backoff {
    private final Duration first;
    private final Duration most;
    private Duration next;

    Backoff(Duration first, Duration most) {
        this.first = first;
        this.most = most;
        this.next = first;
    }

    Duration failed() {
        Duration now = next;
        Duration twice = now.multipliedBy(2);
        next = twice.compareTo(most) > 0 ? most : twice;
        return now;
    }

    void worked() {
        next = first;
    }
}
