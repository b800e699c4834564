package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ContinuityException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the library keeps its own records: evidence, runs and stamps. Never the data of what it protects.
 *
 * <p>It holds two kinds of things: documents that are written once and never change, and streams of records that only
 * grow. Names of both match {@code [a-z0-9][a-z0-9._-]{0,63}}. Every method may be called from any thread and may be
 * interrupted; an interrupted call throws {@link com.cybernance.continuity.facts.FailureKind#INTERRUPTED} and its write
 * may or may not have happened. All failures are {@link ContinuityException}s.
 */
public interface StateStore extends AutoCloseable {
    /**
     * Writes a document that does not exist yet. When this returns, the document is durable and whole.
     *
     * @throws ContinuityException of kind {@code CONFLICT} when it exists already, whatever its content
     */
    void create(String document, byte[] content);

    /**
     * The whole document, checked against the digest that it was written with; empty only when it surely does not exist.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when the content is not what was written
     */
    Optional<byte[]> read(String document);

    /**
     * Takes the stream's only lease. Opening reads the stream through and checks its chain. A store that cannot tell
     * whether a writer in another process lives takes the lease over instead of refusing, and that writer's next append
     * is refused as {@code CONFLICT}.
     *
     * @throws ContinuityException of kind {@code CONFLICT} when another writer, here or in another process, holds the
     *     lease; {@code CORRUPT} when the stream holds rot, which is more than a torn tail
     */
    Writer open(String stream);

    /**
     * Hands over every acknowledged record of the stream in order. A stream that does not exist is empty. Needs no
     * lease, so a reader may see records that were appended meanwhile.
     *
     * @throws ContinuityException of kind {@code CORRUPT} at the first record that is not what was written
     */
    void replay(String stream, Consumer<Entry> each);

    /** Releases the leases that were taken through this store. */
    @Override
    void close();

    /** The holder of a stream's lease. */
    interface Writer extends AutoCloseable {
        /**
         * Appends a record. When this returns, the record is durable and linked to the one before. After a failure other
         * than {@code INTERRUPTED}, every later call fails until the stream is opened anew.
         *
         * @param payload 0 to 16 MiB
         */
        Entry append(byte[] payload);

        /** How many times the lease of this stream was taken, this time included; grows with every opening. */
        long epoch();

        /** Gives the lease back. */
        @Override
        void close();
    }

    /**
     * A record as it is kept.
     *
     * @param sequence its number in the stream, from 1, without gaps
     * @param epoch the epoch of the writer that appended it; never smaller than that of the record before
     * @param hash SHA-256 over the record, that of the record before included, in lower-case hex
     * @param payload the content; the caller's own copy
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is never asked for; the hash identifies an entry
    record Entry(long sequence, long epoch, String hash, byte[] payload) {}
}
