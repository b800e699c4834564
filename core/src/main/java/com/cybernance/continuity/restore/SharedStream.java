package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.StateStore;
import java.time.Duration;
import java.util.function.Predicate;

/** Adds to a stream that several runs share, each holding its lease for one record only. */
final class SharedStream {
    private static final Duration LEASE_WITHIN = Duration.ofSeconds(30);

    private SharedStream() {}

    /**
     * Appends a record unless the stream holds it already.
     *
     * @param same whether a record of the stream is the one to be added
     */
    static void addOnce(StateStore store, String stream, byte[] record, Predicate<byte[]> same, Timing timing)
            throws InterruptedException {
        try (StateStore.Writer writer = open(store, stream, timing)) {
            boolean[] there = new boolean[1];
            store.replay(stream, entry -> there[0] |= same.test(entry.payload()));
            if (!there[0]) {
                writer.append(record);
            }
        }
    }

    private static StateStore.Writer open(StateStore store, String stream, Timing timing) throws InterruptedException {
        Deadline deadline = timing.deadline(LEASE_WITHIN);
        Timing.Waits waits = timing.waits(deadline);
        while (true) {
            try {
                return store.open(stream);
            } catch (ContinuityException held) {
                if (held.kind() != FailureKind.CONFLICT || deadline.remaining().isZero()) {
                    throw held;
                }
                waits.await();
            }
        }
    }
}
