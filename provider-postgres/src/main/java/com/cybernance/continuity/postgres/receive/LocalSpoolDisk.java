package com.cybernance.continuity.postgres.receive;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The file system of this machine. Files are no channels: an interrupt would close those for good. */
final class LocalSpoolDisk implements SpoolDisk {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public Handle open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file");
        }
        return new FileHandle(new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public Handle create(Path file) throws IOException {
        Files.createFile(file);
        return open(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.delete(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        // Closing any channel of a file gives up all locks that this process holds on it, so ours is not opened twice.
        Path name = file.toAbsolutePath().normalize();
        if (!HELD.add(name)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                FileChannel locked = channel;
                channel = null;
                return () -> {
                    locked.close();
                    HELD.remove(name);
                };
            }
            HELD.remove(name);
            return null;
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    /** Reads and writes at a position, by one thread at a time. */
    private record FileHandle(RandomAccessFile file) implements Handle {
        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            file.seek(position);
            int total = 0;
            while (total < length) {
                int read = file.read(into, offset + total, length - total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            file.seek(position);
            file.write(from, offset, length);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.setLength(size);
        }

        @Override
        public void force() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
