package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.pipe.Threads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings files to disk on a daemon thread of its own while the next ones are written. Nothing that was handed over is
 * durable before {@link #await} returns. For one writing thread.
 */
final class Forcing implements AutoCloseable {
    /** So many files are open at most, beside the one that is written. */
    private static final int MOST_WAITING = 64;

    private static final int LOOK_MILLIS = 100;

    private final BlockingQueue<Task> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread = new Thread(this::work, "continuity-restore-force");
    private volatile @Nullable IOException failure;
    private volatile boolean abandoned;

    Forcing() {
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * What there is to do with a file.
     *
     * @param file null at the end
     * @param whole whether it is closed, too
     */
    private record Task(RestoreDisk.@Nullable Output file, boolean whole) {}

    /** Begins to bring to disk what was written so far of a file, so that less is left to do at its end. */
    void begin(RestoreDisk.Output file) {
        // Where much is waiting, the disk has enough to do.
        waiting.offer(new Task(file, false));
    }

    /** Takes over a file that was written to its end: forces it, and closes it. */
    void whole(RestoreDisk.Output file) throws IOException {
        hand(new Task(file, true));
    }

    /** Waits until everything that was handed over is on disk. Nothing is taken over after that. */
    void await() throws IOException {
        hand(new Task(null, true));
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        throwFailure();
    }

    /** Gives up what is not on disk. When this returns or throws, no file that was handed over is open any more. */
    @Override
    public void close() throws IOException {
        abandoned = true;
        Threads.end(thread);
        IOException first = null;
        for (Task task = waiting.poll(); task != null; task = waiting.poll()) {
            try {
                if (task.file() != null) {
                    task.file().close();
                }
            } catch (IOException | RuntimeException e) {
                if (first == null) {
                    first = e instanceof IOException io ? io : new IOException(e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void hand(Task task) throws IOException {
        try {
            while (!waiting.offer(task, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throwFailure();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        throwFailure();
    }

    private void work() {
        try {
            while (true) {
                Task task = waiting.take();
                RestoreDisk.Output file = task.file();
                if (file == null) {
                    return;
                }
                if (task.whole()) {
                    try (file) {
                        file.force();
                    }
                } else {
                    file.force();
                }
            }
        } catch (InterruptedException e) {
            if (!abandoned) {
                failure = new InterruptedIOException("something else ended the thread that brings files to disk");
            }
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException("files could not be brought to disk: " + e, e);
        }
    }

    private void throwFailure() throws IOException {
        IOException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while files were brought to disk");
    }
}
