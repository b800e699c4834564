package com.cybernance.continuity.postgres.pipe;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BiFunction;

/**
 * Compresses what is written to it, and writes that to another stream. Compressing is done by one thread of its own and
 * storing by another, so that its caller reads and checks the next bytes meanwhile. A failure of the stream below is thrown
 * as {@link WriteBehind} throws it, and once only: giving up never throws. For one writing thread. Never closes the stream
 * below.
 */
public final class PackBehind extends OutputStream {
    private final ZstdOutputStream zstd;
    private final WriteBehind storing;
    private final WriteBehind packing;
    /** What the compressor still has belongs to nothing any more: nobody may wait for it, or fail because of it. */
    private boolean ended;

    /**
     * Starts the threads.
     *
     * @param what part of the threads' names
     * @param below touched by its thread alone until {@link #finish} or {@link #close} returns; still the caller's when this
     *     constructor throws
     * @param level of zstd's compression
     * @param threads begins a thread of that name that writes to that stream
     */
    public PackBehind(String what, OutputStream below, int level, BiFunction<String, OutputStream, WriteBehind> threads)
            throws IOException {
        WriteBehind begunStoring = null;
        ZstdOutputStream begunZstd = null;
        boolean begun = false;
        try {
            begunStoring = threads.apply("continuity-store " + what, below);
            storing = begunStoring;
            // A checksum of its own lets the zstd program tell rot, too.
            begunZstd = new ZstdOutputStream(new Below(), level).setChecksum(true);
            zstd = begunZstd;
            packing = threads.apply("continuity-pack " + what, zstd);
            begun = true;
        } finally {
            // The machine may have no thread left.
            if (!begun) {
                ended = true;
                if (begunStoring != null) {
                    begunStoring.close();
                }
                if (begunZstd != null) {
                    begunZstd.close();
                }
            }
        }
    }

    @Override
    public void write(int one) throws IOException {
        packing.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        packing.write(bytes, offset, length);
    }

    /** Ends what is compressed, and waits until all of it has reached the stream below. */
    public void finish() throws IOException {
        packing.finish();
        zstd.close();
        storing.finish();
    }

    /** Gives up what has not reached the stream below. Returns when the threads have ended. */
    @Override
    public void close() {
        if (!ended) {
            packing.close();
            storing.close();
            ended = true;
            try {
                zstd.close();
            } catch (IOException nothingIsWrittenAnyMore) {
                // Only the compressor's memory was to be given back.
            }
        }
    }

    /** The compressor closes what is below it, and that is the caller's. */
    private final class Below extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!ended) {
                storing.write(bytes, offset, length);
            }
        }
    }
}
