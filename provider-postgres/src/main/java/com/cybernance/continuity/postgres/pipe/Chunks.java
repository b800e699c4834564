package com.cybernance.continuity.postgres.pipe;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Buffers that are handed on from one {@link WriteBehind} to the next, for whoever begins many of them: what one has given
 * back the next one takes. Keeps all that were ever in use at once. Thread-safe.
 */
public final class Chunks {
    /** Length of each. */
    static final int SIZE = 256 << 10;

    private final Deque<byte[]> free = new ArrayDeque<>();

    /** One whose content is anything. */
    synchronized byte[] take() {
        byte[] chunk = free.poll();
        return chunk == null ? new byte[SIZE] : chunk;
    }

    /** To be called when nothing reads or writes it any more. */
    synchronized void giveBack(byte[] chunk) {
        free.push(chunk);
    }

    /** How many wait to be taken. */
    synchronized int free() {
        return free.size();
    }
}
