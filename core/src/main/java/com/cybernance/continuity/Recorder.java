package com.cybernance.continuity;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.StateStore;
import java.util.Map;
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

    Recorder(StateStore store) {
        this.store = store;
    }

    /** What earlier runs of the library had found: the inventory of each target in the last record. */
    Map<String, Map<String, Integer>> lastInventory() {
        byte[][] last = new byte[1][];
        store.replay(STREAM, entry -> last[0] = entry.payload());
        return last[0] == null ? Map.of() : CheckRecord.inventory(last[0]);
    }

    void record(Report report, Map<String, Map<String, Integer>> inventory) {
        byte[] record = CheckRecord.write(report, inventory);
        lock.lock();
        try {
            StateStore.Writer open = writer;
            if (open == null) {
                open = store.open(STREAM);
                writer = open;
            }
            open.append(record);
        } catch (ContinuityException failed) {
            close();
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the lease back. The store itself belongs to whoever made it. */
    void close() {
        lock.lock();
        try {
            StateStore.Writer open = writer;
            writer = null;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
