package com.cybernance.continuity;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.StateStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a record of every completed check in a state store. It opens the stream at the first check, not before, and
 * opens it anew after a failure. Thread-safe.
 */
final class Recorder {
    private static final String STREAM = "checks";

    private final StateStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private StateStore.@Nullable Writer writer;
    private volatile boolean closed;

    Recorder(StateStore store) {
        this.store = store;
    }

    /**
     * What earlier runs of the library had found: the inventory of each target in the last record under the same policy.
     * A changed policy starts anew, so that a person can accept that something was given up.
     */
    Map<String, Map<String, Integer>> lastInventory(String policyDigest) {
        byte[][] last = new byte[1][];
        store.replay(STREAM, entry -> last[0] = entry.payload());
        return last[0] == null ? Map.of() : CheckRecord.inventory(last[0], policyDigest);
    }

    void record(Report report, Map<String, Map<String, Integer>> inventory) {
        byte[] record = CheckRecord.write(report, inventory);
        lock.lock();
        try {
            if (closed) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "the instance was closed during the check",
                        "close it after its last check");
            }
            StateStore.Writer open = writer;
            if (open == null) {
                open = store.open(STREAM);
                writer = open;
            }
            open.append(record);
        } catch (ContinuityException failed) {
            giveBack();
            throw failed;
        } finally {
            if (closed) {
                giveBack();
            }
            lock.unlock();
        }
    }

    /**
     * Gives the lease back. The store itself belongs to whoever made it.
     *
     * @param within how long to wait for a record that is being written; whoever writes it then gives the lease back
     */
    void close(Duration within) {
        closed = true;
        try {
            if (lock.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    giveBack();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBack() {
        StateStore.Writer open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }
}
