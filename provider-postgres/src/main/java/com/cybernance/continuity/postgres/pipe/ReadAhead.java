package com.cybernance.continuity.postgres.pipe;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads another stream on a daemon thread of its own, a MiB at most ahead of its caller. A failure of the stream below is
 * thrown behind the last byte that came before it. For one reading thread. Never closes the stream below.
 */
public final class ReadAhead extends InputStream {
    private static final int CHUNK = 256 << 10;
    private static final int CHUNKS = 4;

    private final InputStream below;
    private final Thread thread;
    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS + 1);
    private @Nullable Chunk reading;
    private int position;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param below touched by that thread alone until this stream has ended or {@link #close} returns
     */
    public ReadAhead(String name, InputStream below) {
        this.below = below;
        for (int i = 0; i < CHUNKS; i++) {
            free.add(new Chunk(new byte[CHUNK], 0, null));
        }
        thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Bytes that were read; none at the end, with what ended it unless that was the end of the stream below. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(byte[] bytes, int length, @Nullable Throwable failure) {}

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (closed) {
            throw new IOException("nothing more is read: the stream was closed");
        }
        if (length == 0) {
            return 0;
        }
        Chunk chunk = current();
        if (chunk.length() == 0) {
            throwFailure(chunk);
            return -1;
        }
        int taken = Math.min(length, chunk.length() - position);
        System.arraycopy(chunk.bytes(), position, into, offset, taken);
        position += taken;
        return taken;
    }

    /** Ends the thread. Returns when it has ended, so that the stream below may be closed. */
    @Override
    public void close() {
        closed = true;
        Threads.end(thread);
    }

    private Chunk current() {
        try {
            Chunk chunk = reading;
            if (chunk == null || (chunk.length() > 0 && position == chunk.length())) {
                // Whoever reads again after an interruption must not give it back twice.
                reading = null;
                if (chunk != null) {
                    free.add(chunk);
                }
                chunk = full.take();
                reading = chunk;
                position = 0;
            }
            if (chunk.length() == 0) {
                thread.join();
            }
            return chunk;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContinuityException(
                    FailureKind.INTERRUPTED, "the reading was ended before it was done", "begin it again", e);
        }
    }

    private void work() {
        Chunk end = new Chunk(new byte[0], 0, null);
        try {
            while (true) {
                byte[] bytes = free.take().bytes();
                int length = below.readNBytes(bytes, 0, bytes.length);
                if (length == 0) {
                    break;
                }
                full.add(new Chunk(bytes, length, null));
            }
        } catch (InterruptedException e) {
            if (!closed) {
                end = new Chunk(
                        new byte[0], 0, new InterruptedIOException("something else ended the thread that reads"));
            }
        } catch (IOException | RuntimeException | Error e) {
            end = new Chunk(new byte[0], 0, e);
        }
        full.add(end);
    }

    private static void throwFailure(Chunk end) throws IOException {
        if (end.failure() instanceof IOException io) {
            throw io;
        } else if (end.failure() instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (end.failure() instanceof Error error) {
            throw error;
        }
    }
}
