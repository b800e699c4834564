package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.testkit.Seeds;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A real file system that can be cut at any call, and then loses what was not forced: a cut file keeps some of its newest
 * bytes, garbled or not, and a name that was not forced may be gone. One call can
 * also fail alone; and it can be full, or fail to force.
 */
final class CuttingDisk implements SpoolDisk {
    private final SpoolDisk disk = new LocalSpoolDisk();
    private final Map<Path, Long> forced = new ConcurrentHashMap<>();
    private final Set<Path> fresh = new HashSet<>();
    private final Seeds seeds;
    private final Cut cut;
    private volatile boolean full;
    private volatile boolean failing;

    /** @param calls how many calls succeed before the cut */
    CuttingDisk(Seeds seeds, long calls) {
        this(seeds, new Cut(Cut.Mode.DIES, calls == Long.MAX_VALUE ? 0 : calls + 1));
    }

    CuttingDisk(Seeds seeds, Cut cut) {
        this.seeds = seeds;
        this.cut = cut;
    }

    void full(boolean now) {
        full = now;
    }

    /** From now on nothing can be made durable. */
    void failToForce() {
        failing = true;
    }

    boolean wasCut() {
        return cut.happened();
    }

    /** The power goes: what was not forced is at the mercy of chance. */
    void losePower() throws IOException {
        for (Map.Entry<Path, Long> file : forced.entrySet()) {
            if (!Files.exists(file.getKey())) {
                continue;
            }
            if (fresh.contains(file.getKey()) && seeds.chance(50)) {
                Files.delete(file.getKey());
                continue;
            }
            try (Handle handle = disk.open(file.getKey())) {
                long size = handle.size();
                long kept = Math.min(size, file.getValue());
                long keeps = kept + (size > kept ? seeds.between(0, size - kept) : 0);
                handle.truncate(keeps);
                if (keeps > kept && seeds.chance(50)) {
                    byte[] garbage = seeds.bytes((int) Math.min(64, keeps - kept));
                    handle.write(seeds.between(kept, keeps - garbage.length), garbage, 0, garbage.length);
                }
            }
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        call();
        disk.createDirectories(directory);
        cut.after();
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        call();
        return done(disk.list(directory));
    }

    @Override
    public Handle open(Path file) throws IOException {
        call();
        return opened(new CuttingHandle(file, disk.open(file)));
    }

    @Override
    public Handle create(Path file) throws IOException {
        call();
        synchronized (this) {
            fresh.add(file);
        }
        forced.put(file, 0L);
        return opened(new CuttingHandle(file, disk.create(file)));
    }

    private Handle opened(Handle handle) throws IOException {
        try {
            return done(handle);
        } catch (IOException e) {
            handle.close();
            throw e;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call();
        disk.rename(from, to);
        Long size = forced.remove(from);
        forced.put(to, size == null ? 0 : size);
        cut.after();
    }

    @Override
    public void delete(Path file) throws IOException {
        call();
        forced.remove(file);
        disk.delete(file);
        cut.after();
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        call();
        force();
        disk.forceDirectory(directory);
        synchronized (this) {
            fresh.removeIf(file -> directory.equals(file.getParent()));
        }
        cut.after();
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        call();
        return disk.tryLock(file);
    }

    private void call() throws IOException {
        cut.before();
    }

    private <T> T done(T result) throws IOException {
        cut.after();
        return result;
    }

    private void force() throws IOException {
        if (failing) {
            throw new IOException("Input/output error");
        }
    }

    /** One file of it. */
    private final class CuttingHandle implements Handle {
        private final Path file;
        private final Handle handle;

        CuttingHandle(Path file, Handle handle) {
            this.file = file;
            this.handle = handle;
        }

        @Override
        public long size() throws IOException {
            call();
            return done(handle.size());
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            call();
            return done(handle.read(position, into, offset, length));
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            if (full) {
                handle.write(position, from, offset, length / 2);
                throw new IOException("No space left on device");
            }
            try {
                call();
            } catch (IOException e) {
                handle.write(position, from, offset, length / 2);
                throw e;
            }
            handle.write(position, from, offset, length);
            cut.after();
        }

        @Override
        public void truncate(long size) throws IOException {
            call();
            handle.truncate(size);
            forced.computeIfPresent(file, (path, known) -> Math.min(known, size));
            cut.after();
        }

        @Override
        public void force() throws IOException {
            call();
            CuttingDisk.this.force();
            handle.force();
            forced.put(file, handle.size());
            cut.after();
        }

        @Override
        public void close() throws IOException {
            handle.close();
        }
    }
}
