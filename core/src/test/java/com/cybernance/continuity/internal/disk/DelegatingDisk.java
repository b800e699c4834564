package com.cybernance.continuity.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk over another one, of which tests spoil one method or another. */
public class DelegatingDisk implements Disk {
    private final Disk disk;

    public DelegatingDisk(Disk disk) {
        this.disk = disk;
    }

    /** Before anything that changes the disk. */
    protected void before(String act, Path where) throws IOException {}

    /** Before anything that only looks. */
    protected void look(String act, Path where) throws IOException {}

    /** How much of a write is taken. */
    protected int taken(int offered) throws IOException {
        return offered;
    }

    protected void force(Handle handle, Path file) throws IOException {
        before("force", file);
        handle.force();
    }

    @Override
    public Handle open(Path file, Access access) throws IOException {
        if (access == Access.CREATE) {
            before("create", file);
        } else {
            look("open", file);
        }
        return new Open(file, disk.open(file, access));
    }

    @Override
    public Kind kind(Path path) throws IOException {
        look("kind", path);
        return disk.kind(path);
    }

    @Override
    public long size(Path file) throws IOException {
        look("size", file);
        return disk.size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        look("list", directory);
        return disk.list(directory);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        before("createDirectory", directory);
        disk.createDirectory(directory);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        before("link", name);
        disk.link(file, name);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        before("rename", to);
        disk.rename(from, to);
    }

    @Override
    public void moveDirectory(Path from, Path to) throws IOException {
        before("moveDirectory", to);
        disk.moveDirectory(from, to);
    }

    @Override
    public Path real(Path path) throws IOException {
        look("real", path);
        return disk.real(path);
    }

    @Override
    public void delete(Path file) throws IOException {
        before("delete", file);
        disk.delete(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        before("forceDirectory", directory);
        disk.forceDirectory(directory);
    }

    @Override
    public @Nullable Closeable tryLock(Path lockFile) throws IOException {
        return disk.tryLock(lockFile);
    }

    private final class Open implements Handle {
        private final Path file;
        private final Handle handle;

        Open(Path file, Handle handle) {
            this.file = file;
            this.handle = handle;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            look("read", file);
            return handle.read(into, position);
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            before("write", file);
            int limit = from.limit();
            from.limit(from.position() + taken(from.remaining()));
            try {
                return handle.write(from, position);
            } finally {
                from.limit(limit);
            }
        }

        @Override
        public long size() throws IOException {
            look("size", file);
            return handle.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            before("truncate", file);
            handle.truncate(size);
        }

        @Override
        public void force() throws IOException {
            DelegatingDisk.this.force(handle, file);
        }

        @Override
        public void close() throws IOException {
            handle.close();
        }
    }
}
