package com.cybernance.continuity.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The file system of this machine. */
public final class LocalDisk implements Disk {
    @Override
    public Handle open(Path file, Access access) throws IOException {
        return new ChannelHandle(
                switch (access) {
                    case READ -> FileChannel.open(file, StandardOpenOption.READ);
                    case WRITE -> FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    case CREATE ->
                        FileChannel.open(
                                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                });
    }

    @Override
    public Kind kind(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory() ? Kind.DIRECTORY : Kind.FILE;
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(path)) {
                throw new FileSystemException(path.toString(), null, "a symbolic link to nothing");
            }
            return Kind.ABSENT;
        }
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            // The directory could be opened, but not read to its end.
            throw new IOException(directory + " could not be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        Files.createLink(name, file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void moveDirectory(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (kind(from) == Kind.DIRECTORY && kind(to) != Kind.ABSENT) {
                FileAlreadyExistsException taken = new FileAlreadyExistsException(to.toString());
                taken.initCause(e);
                throw taken;
            }
            throw e;
        }
    }

    @Override
    public Path real(Path path) throws IOException {
        return path.toRealPath();
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
    public @Nullable Closeable tryLock(Path lockFile) throws IOException {
        return HeldLocks.tryLock(lockFile);
    }

    private record ChannelHandle(FileChannel channel) implements Handle {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return channel.write(from, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            // False leaves out time stamps only; a new length is always part of it.
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
