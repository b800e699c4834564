package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ContinuityException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A place where copies are kept. Objects are written once and never change; whoever holds a vault can add and read, and
 * cannot delete: that is for its {@link VaultKeeper}.
 *
 * <p>Names are one to eight parts joined by {@code /}, each matching {@code [a-z0-9][a-z0-9._-]{0,127}}. A name is
 * either an object or the beginning of other names, never both. Every method may be called from any thread. All
 * failures are {@link ContinuityException}s whose message names the vault and the object; an error is never "not
 * there". Calls block; interruption is answered with kind {@code INTERRUPTED} and never damages what is kept.
 */
public interface Vault {
    /** What reports call it; matches {@code [a-z0-9][a-z0-9-]{0,31}} and never changes. */
    String name();

    /**
     * Begins an object. Nothing of it can be seen, and the name is not taken, until {@link Draft#commit()} returned.
     *
     * @throws ContinuityException of kind {@code CONFLICT} when the name is taken, for good, also after a crash;
     *     {@code MISCONFIGURED} when it is no name
     */
    Draft create(String object);

    /**
     * The content from its first byte. Read it to its end: the stream ends only if everything that was read is what was
     * committed, and throws {@code CORRUPT} before that otherwise, from any of its methods.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when there surely is no such object
     */
    InputStream open(String object);

    /** What is known of an object without reading its content; empty only when there surely is none. */
    Optional<Stored> find(String object);

    /**
     * Hands over every object whose name begins with the prefix, in the order of their names (by their bytes).
     *
     * @param prefix whole parts that end in {@code /}, or {@code ""} for everything
     * @throws ContinuityException when not all of them could be listed, however many were handed over before
     */
    void list(String prefix, Consumer<Stored> each);

    /** An object that is being written. For one thread at a time. A write that failed spoils it for good. */
    abstract class Draft extends OutputStream {
        /**
         * Ends the object. When this returns it is durable, was read back, and can be seen under its name.
         *
         * @throws ContinuityException of kind {@code CONFLICT} when somebody else committed the name meanwhile
         */
        public abstract Stored commit();

        /** Gives up what was not committed. Does nothing after {@link #commit()}. Never throws. */
        @Override
        public abstract void close();
    }
}
