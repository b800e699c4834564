package com.cybernance.continuity.postgres.recover;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * All that a restore changes in a file system. One seam, so that tests can refuse each call, cut the power and lose what
 * was not forced. Whatever it makes is its owner's alone. Nothing here follows a link.
 */
interface RestoreDisk {
    /** Makes a directory that must not be there. */
    void createDirectory(Path directory) throws IOException;

    /** Makes a file that must not be there. */
    Output create(Path file) throws IOException;

    /** Makes a symbolic link that must not be there. */
    void link(Path link, Path to) throws IOException;

    /** Renames a file in one step; one that has the new name goes. */
    void move(Path from, Path to) throws IOException;

    /** Removes a file, a link or an empty directory; does nothing when it is not there. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** A file that is being written. */
    interface Output extends Closeable {
        /** Writes all of the bytes. */
        void write(long position, byte[] from, int offset, int length) throws IOException;

        /** Reads what was written, to the end of the array or of the file. */
        void read(long position, byte[] into, int length) throws IOException;

        /** Makes content and length durable. */
        void force() throws IOException;
    }
}
