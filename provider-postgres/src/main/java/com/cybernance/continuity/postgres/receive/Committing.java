package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Piece;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Commits pieces on a thread of its own, one at a time and in their order, while the next one is packed: making a piece
 * durable is mostly waiting. A failure is thrown by the next call, and nothing is begun behind it. For one calling thread.
 */
class Committing {
    private @Nullable Thread thread;
    private @Nullable Piece piece;
    private volatile @Nullable Throwable failure;

    /**
     * Waits for the piece before, and begins with this one.
     *
     * @param packed closed in the end, whatever happens
     * @param committed what to do once the vault has it
     */
    void begin(Piece next, PackedPiece packed, Runnable committed) throws InterruptedException {
        Thread committing = new Thread(() -> run(packed, committed), "continuity-commit " + next.start());
        committing.setDaemon(true);
        boolean begun = false;
        try {
            settle();
            committing.start();
            begun = true;
        } finally {
            if (!begun) {
                packed.close();
            }
        }
        piece = next;
        thread = committing;
    }

    /** The piece that was begun and of which it was not asked yet how it ended. */
    Optional<Piece> underWay() {
        return Optional.ofNullable(piece);
    }

    /** Waits until nothing is under way, and throws what went wrong. */
    void settle() throws InterruptedException {
        Thread committing = thread;
        if (committing == null) {
            return;
        }
        committing.join();
        thread = null;
        piece = null;
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (thrown instanceof Error error) {
            throw error;
        }
    }

    /**
     * Waits until nothing is under way, however it ends: whatever was not committed is found missing again. Breaks the
     * commit off when the caller is interrupted; returns when it has ended, so that the spool may be closed.
     */
    void abandon() {
        Thread committing = thread;
        boolean interrupted = false;
        while (committing != null && committing.isAlive()) {
            try {
                committing.join();
            } catch (InterruptedException e) {
                interrupted = true;
                committing.interrupt();
            }
        }
        thread = null;
        piece = null;
        failure = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(PackedPiece packed, Runnable committed) {
        try (packed) {
            packed.commit();
            committed.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }
}
