package com.cybernance.continuity.postgres.receive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A planted bug: what is written to a new file stays in this process, and comes to the file one {@code force} later than
 * it says. Whoever is killed has lost what it last called durable.
 */
final class ForgetfulDisk implements SpoolDisk {
    private final SpoolDisk disk = new LocalSpoolDisk();

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public Handle open(Path file) throws IOException {
        return file.toString().endsWith(".log") ? new Forgetting(disk.open(file)) : disk.open(file);
    }

    @Override
    public Handle create(Path file) throws IOException {
        return file.toString().endsWith(".log") ? new Forgetting(disk.create(file)) : disk.create(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        disk.forceDirectory(directory);
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return disk.tryLock(file);
    }

    /** Bytes and where they belong. */
    private record Write(long position, ByteBuffer bytes) {}

    /** A file of the spool. Headers are written as they should be. */
    private static final class Forgetting implements Handle {
        private final Handle handle;
        private List<Write> fresh = new ArrayList<>();
        private List<Write> called = new ArrayList<>();

        Forgetting(Handle handle) {
            this.handle = handle;
        }

        @Override
        public long size() throws IOException {
            return handle.size();
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            return handle.read(position, into, offset, length);
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            if (position < Frames.HEADER) {
                handle.write(position, from, offset, length);
            } else {
                fresh.add(new Write(position, ByteBuffer.wrap(Arrays.copyOfRange(from, offset, offset + length))));
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            handle.truncate(size);
        }

        @Override
        public void force() throws IOException {
            for (Write each : called) {
                handle.write(
                        each.position(), each.bytes().array(), 0, each.bytes().remaining());
            }
            called = fresh;
            fresh = new ArrayList<>();
            handle.force();
        }

        @Override
        public void close() throws IOException {
            handle.close();
        }
    }
}
