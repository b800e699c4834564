package com.cybernance.continuity.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is asked of a file system. One seam, so that tests can lose what was not forced, tear it and refuse
 * it. A missing file is a {@link java.nio.file.NoSuchFileException}; every other failure is another exception.
 */
public interface Disk {
    /** What a file is opened for. */
    enum Access {
        READ,
        /** Reading and writing a file that exists. */
        WRITE,
        /** Reading and writing a file that must not exist yet. */
        CREATE
    }

    /** What stands at a path. */
    enum Kind {
        ABSENT,
        DIRECTORY,
        FILE
    }

    Handle open(Path file, Access access) throws IOException;

    Kind kind(Path path) throws IOException;

    long size(Path file) throws IOException;

    /** The names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    void createDirectory(Path directory) throws IOException;

    /** Gives a file a second name; fails with {@link java.nio.file.FileAlreadyExistsException} if the name is taken. */
    void link(Path file, Path name) throws IOException;

    /** Renames in one step, over whatever had the name. */
    void rename(Path from, Path to) throws IOException;

    /**
     * Gives a directory that is not empty another name in one step; fails with
     * {@link java.nio.file.FileAlreadyExistsException} if a file or a directory that is not empty has it.
     */
    void moveDirectory(Path from, Path to) throws IOException;

    /** Where something that exists really is: without links, and spelled as the file system spells it. */
    Path real(Path path) throws IOException;

    /** Removes a file, or a directory that is empty. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Locks a file that nothing else ever opens, creating it if needed; null when somebody else holds it. */
    @Nullable
    Closeable tryLock(Path lockFile) throws IOException;

    /** An open file. Reads and writes may be short. */
    interface Handle extends Closeable {
        int read(ByteBuffer into, long position) throws IOException;

        int write(ByteBuffer from, long position) throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /** Makes content and length durable. */
        void force() throws IOException;
    }
}
