package com.cybernance.continuity.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The locks that this process holds. Exception to "no static state", because the operating system's locks are the
 * process's state: closing any handle of a locked file drops the lock, so within one process nobody may even open a
 * lock file that is held. The list lives in the system properties, which two class loaders with a copy of this class
 * share.
 */
public final class HeldLocks {
    private static final String PREFIX = "com.cybernance.continuity.state.lease ";

    /** Handles that must never be closed, not even by the garbage collector: that would drop somebody's lock. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private HeldLocks() {}

    public static @Nullable Closeable tryLock(Path lockFile) throws IOException {
        String key = key(lockFile);
        if (System.getProperties().putIfAbsent(key, "held") != null) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = lock(lockFile);
        } finally {
            if (channel == null) {
                System.getProperties().remove(key);
            }
        }
        return channel == null ? null : release(channel, key);
    }

    /** The directory stands for its lock file: it can be identified without opening what must not be opened. */
    private static String key(Path lockFile) throws IOException {
        Path directory = lockFile.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("a lock file must lie in a directory: " + lockFile);
        }
        Object id = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        return PREFIX + (id == null ? directory.toRealPath() : id);
    }

    private static @Nullable FileChannel lock(Path lockFile) throws IOException {
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(channel);
            return null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static Closeable release(FileChannel channel, String key) {
        return () -> {
            try {
                channel.close();
            } finally {
                System.getProperties().remove(key);
            }
        };
    }
}
