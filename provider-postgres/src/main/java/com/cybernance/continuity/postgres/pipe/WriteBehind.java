package com.cybernance.continuity.postgres.pipe;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes to another stream on a daemon thread of its own, in order, while its caller goes on; a MiB at most is on its way.
 * A failure of the stream below is thrown by one of the next calls, at the latest by {@link #finish}, and from then on
 * nothing more reaches the stream below. For one writing thread. Never closes the stream below.
 */
public final class WriteBehind extends OutputStream {
    private static final int MOST_CHUNKS = 4;
    private static final int LOOK_MILLIS = 100;

    private final OutputStream below;
    private final Chunks chunks;
    private final Thread thread;
    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(MOST_CHUNKS);
    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(MOST_CHUNKS + 1);
    /** Made as they are needed: much of what is written is small. */
    private final List<Chunk> made = new ArrayList<>(MOST_CHUNKS);

    private volatile @Nullable Throwable failure;
    private volatile boolean abandoned;
    private Chunk filling;
    private boolean ended;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param below touched by that thread alone until {@link #finish} or {@link #close} returns
     */
    public WriteBehind(String name, OutputStream below) {
        this(name, below, new Chunks());
    }

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param below touched by that thread alone until {@link #finish} or {@link #close} returns
     * @param chunks where the buffers come from; they are given back before {@link #finish} or {@link #close} returns
     */
    public WriteBehind(String name, OutputStream below, Chunks chunks) {
        this.below = below;
        this.chunks = chunks;
        filling = make();
        thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Bytes on their way; a length of -1 ends the work. */
    private static final class Chunk {
        private final byte[] bytes;
        private int length;

        private Chunk(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        refuseIfEnded();
        int done = 0;
        while (done < length) {
            int part = Math.min(Chunks.SIZE - filling.length, length - done);
            System.arraycopy(bytes, offset + done, filling.bytes, filling.length, part);
            filling.length += part;
            done += part;
            if (filling.length == Chunks.SIZE) {
                handOver();
            }
        }
    }

    /**
     * Waits until all that was written has reached the stream below, and ends the thread.
     *
     * @throws IOException or whatever else the stream below threw
     * @throws ContinuityException of kind {@code INTERRUPTED} when the caller is interrupted
     */
    public void finish() throws IOException {
        refuseIfEnded();
        if (filling.length > 0) {
            handOver();
        }
        ended = true;
        full.add(end());
        try {
            thread.join();
        } catch (InterruptedException e) {
            stop();
            throw interrupted();
        }
        giveBack();
        throwFailure();
    }

    /** Ends the thread; what has not reached the stream below never does. Returns when the thread has ended. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            stop();
        }
    }

    /** The stream below may be used by the caller after this, so it waits also when it is interrupted. */
    private void stop() {
        abandoned = true;
        Threads.end(thread);
        giveBack();
    }

    /** Only when the thread has ended: what it was about to write must not be overwritten by another. */
    private void giveBack() {
        made.forEach(chunk -> chunks.giveBack(chunk.bytes));
        made.clear();
    }

    private Chunk make() {
        Chunk chunk = new Chunk(chunks.take());
        made.add(chunk);
        return chunk;
    }

    private void handOver() throws IOException {
        try {
            boolean more = made.size() < MOST_CHUNKS;
            Chunk next = free.poll(more ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null && more) {
                next = make();
            }
            while (next == null) {
                throwFailure();
                next = free.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
            throwFailure();
            full.add(filling);
            next.length = 0;
            filling = next;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void work() {
        try {
            for (Chunk chunk = full.take(); chunk.length >= 0 && !abandoned; chunk = full.take()) {
                below.write(chunk.bytes, 0, chunk.length);
                free.add(chunk);
            }
        } catch (InterruptedException e) {
            if (!abandoned) {
                failure = new InterruptedIOException("something else ended the thread that writes");
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void throwFailure() throws IOException {
        Throwable thrown = failure;
        if (thrown instanceof IOException io) {
            throw io;
        } else if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (thrown instanceof Error error) {
            throw error;
        }
    }

    private void refuseIfEnded() throws IOException {
        if (ended) {
            throw new IOException("nothing more is written: the stream was ended");
        }
    }

    private static Chunk end() {
        Chunk end = new Chunk(new byte[0]);
        end.length = -1;
        return end;
    }

    private static ContinuityException interrupted() {
        Thread.currentThread().interrupt();
        return new ContinuityException(
                FailureKind.INTERRUPTED, "the writing was ended before it was done", "begin it again");
    }
}
