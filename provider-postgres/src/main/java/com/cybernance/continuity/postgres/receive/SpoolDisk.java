package com.cybernance.continuity.postgres.receive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the spool asks of a file system. One seam, so that tests can cut it short, lose what was not forced and fill
 * the disk.
 */
interface SpoolDisk {
    /** Makes a directory and those above it; does nothing when it is there. */
    void createDirectories(Path directory) throws IOException;

    /** The names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /** Opens a file that is there. */
    Handle open(Path file) throws IOException;

    /** Makes a file that must not be there yet. */
    Handle create(Path file) throws IOException;

    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Locks a file that nothing else opens; null when somebody else holds it. */
    @Nullable
    Closeable tryLock(Path file) throws IOException;

    /** An open file; interruption does it no harm. */
    interface Handle extends Closeable {
        long size() throws IOException;

        /** Reads up to {@code length} bytes; fewer only at the end of the file. */
        int read(long position, byte[] into, int offset, int length) throws IOException;

        /** Writes all of the bytes. */
        void write(long position, byte[] from, int offset, int length) throws IOException;

        void truncate(long size) throws IOException;

        /** Makes content and length durable. */
        void force() throws IOException;
    }
}
