package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.WireMessage;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits in short steps, so that an end that somebody wishes, or an interruption, is seen soon. */
final class Patience {
    private static final Duration STEP = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final Duration silence;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @param silence how long a server may say nothing */
    Patience(Ticker ticker, Duration silence) {
        this.ticker = ticker;
        this.silence = silence;
    }

    /** Makes every wait, now and later, fail with kind {@code INTERRUPTED}. */
    void end() {
        ended.countDown();
    }

    /** Fails when the end is wished. */
    void check() {
        if (ended.getCount() == 0 || Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    /** Waits until the server says something. */
    void await(ReplicationConnection connection) {
        long since = ticker.nanos();
        check();
        while (!connection.await(STEP)) {
            check();
            if (ticker.nanos() - since > silence.toNanos()) {
                throw new ContinuityException(
                        FailureKind.TIMED_OUT,
                        "the server was silent for %d s while the backup was taken".formatted(silence.toSeconds()),
                        "see whether the server hangs or the network is cut");
            }
        }
    }

    WireMessage next(ReplicationConnection connection) {
        await(connection);
        return connection.read();
    }

    /**
     * Lets time pass.
     *
     * @param since when the waiting began, by the ticker
     * @return false when more than that has passed in all
     */
    boolean pause(long since, Duration most) {
        try {
            if (ended.await(Math.min(STEP.toMillis(), Math.max(1, most.toMillis() / 4)), TimeUnit.MILLISECONDS)) {
                throw interrupted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        return ticker.nanos() - since < most.toNanos();
    }

    long now() {
        return ticker.nanos();
    }

    private static ContinuityException interrupted() {
        return new ContinuityException(
                FailureKind.INTERRUPTED, "the backup was ended before it was done", "begin it again");
    }
}
