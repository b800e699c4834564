package com.cybernance.continuity.postgres.recover;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file system of this machine. A file may be written by one thread and forced by another at the same time. Called on
 * the threads of jobs and of {@link Forcing} alone: interrupting one closes the file that it is busy with, for both.
 */
final class LocalRestoreDisk implements RestoreDisk {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, OWNER_ONLY_DIRECTORY);
    }

    @Override
    public Output create(Path file) throws IOException {
        return new LocalOutput(FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                OWNER_ONLY));
    }

    @Override
    public void link(Path link, Path to) throws IOException {
        Files.createSymbolicLink(link, to);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** One file. */
    private record LocalOutput(FileChannel channel) implements Output {
        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            ByteBuffer some = ByteBuffer.wrap(from, offset, length);
            while (some.hasRemaining()) {
                channel.write(some, position + some.position() - offset);
            }
        }

        @Override
        public void read(long position, byte[] into, int length) throws IOException {
            ByteBuffer some = ByteBuffer.wrap(into, 0, length);
            while (some.hasRemaining() && channel.read(some, position + some.position()) >= 0) {}
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
