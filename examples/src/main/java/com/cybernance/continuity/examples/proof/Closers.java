package com.cybernance.continuity.examples.proof;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, to be closed in reverse, all of it, also when some of it cannot be closed. For one thread at a time. */
final class Closers implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** To be closed before all that was added earlier. */
    void add(Runnable close) {
        closers.push(close);
    }

    /** Closes what is not closed yet; the first failure is thrown at the end, with the others inside. */
    @Override
    public void close() {
        Throwable failure = null;
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /** As above, where something else failed already: what cannot be closed is told inside of that. */
    void closeAfter(Throwable cause) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
        }
    }
}
