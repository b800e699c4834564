package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.testkit.Seeds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real file system that refuses one call, after so many that work. Full, it refuses that one alone. Cut, it refuses all
 * that follow, and what was not forced is then at the mercy of chance: content is cut short or garbled, names and their
 * changes are lost.
 */
final class CuttingRestoreDisk implements RestoreDisk {
    private final RestoreDisk disk = new LocalRestoreDisk();
    private final Seeds seeds;
    private final boolean full;
    private final List<Change> loose = new ArrayList<>();
    private final Map<Path, Long> forced = new HashMap<>();
    private int left;
    private String met = "";

    /** @param calls how many work */
    CuttingRestoreDisk(Seeds seeds, boolean full, int calls) {
        this.seeds = seeds;
        this.full = full;
        this.left = calls;
    }

    /** How to take back a change of names in a directory that was not forced since. */
    private record Change(Path directory, Undo undo) {}

    @FunctionalInterface
    private interface Undo {
        void run() throws IOException;
    }

    /** The call that was refused; {@code ""} while none was. */
    synchronized String met() {
        return met;
    }

    synchronized void losePower() throws IOException {
        for (Map.Entry<Path, Long> file : forced.entrySet()) {
            if (Files.isRegularFile(file.getKey(), LinkOption.NOFOLLOW_LINKS)) {
                garble(file.getKey(), file.getValue());
            }
        }
        for (int i = loose.size() - 1; i >= 0; i--) {
            if (seeds.chance(50)) {
                loose.get(i).undo().run();
            }
        }
    }

    private void garble(Path file, long safe) throws IOException {
        long size = Files.size(file);
        if (safe >= size) {
            return;
        }
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(seeds.between(safe, size));
            if (content.length() > safe && seeds.chance(50)) {
                content.seek(seeds.between(safe, content.length() - 1));
                content.write(0xA5);
            }
        }
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        call("create directory", directory);
        disk.createDirectory(directory);
        changed(directory, () -> Trees.delete(disk, directory));
    }

    @Override
    public synchronized Output create(Path file) throws IOException {
        call("create", file);
        Output output = disk.create(file);
        forced.put(file, 0L);
        changed(file, () -> disk.delete(file));
        return new CuttingOutput(file, output);
    }

    @Override
    public synchronized void link(Path link, Path to) throws IOException {
        call("link", link);
        disk.link(link, to);
        changed(link, () -> disk.delete(link));
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        call("move", to);
        byte @Nullable [] old = Files.exists(to, LinkOption.NOFOLLOW_LINKS) ? Files.readAllBytes(to) : null;
        disk.move(from, to);
        Long safe = forced.remove(from);
        if (safe != null) {
            forced.put(to, safe);
        }
        changed(to, () -> {
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS) && !Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                disk.move(to, from);
                bringBack(to, old);
            }
        });
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        call("delete", path);
        byte @Nullable [] old = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.readAllBytes(path) : null;
        disk.delete(path);
        forced.remove(path);
        changed(path, () -> bringBack(path, old));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        call("force directory", directory);
        disk.forceDirectory(directory);
        loose.removeIf(each -> each.directory().equals(directory));
    }

    private void changed(Path path, Undo undo) {
        loose.add(new Change(path.resolveSibling(""), undo));
    }

    private static void bringBack(Path path, byte @Nullable [] content) throws IOException {
        if (content != null
                && Files.isDirectory(path.resolveSibling(""), LinkOption.NOFOLLOW_LINKS)
                && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.write(path, content);
        }
    }

    private void call(String act, Path where) throws IOException {
        if (left == 0 && met.isEmpty()) {
            met = act + " " + where;
            throw refusal();
        }
        if (!met.isEmpty() && !full) {
            throw refusal();
        }
        left--;
    }

    private IOException refusal() {
        return new IOException(full ? "No space left on device" : "the disk was cut off");
    }

    /** One file of it. */
    private final class CuttingOutput implements Output {
        private final Path file;
        private final Output output;
        private long size;

        CuttingOutput(Path file, Output output) {
            this.file = file;
            this.output = output;
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            synchronized (CuttingRestoreDisk.this) {
                try {
                    call("write", file);
                } catch (IOException e) {
                    output.write(position, from, offset, length / 2);
                    throw e;
                }
                output.write(position, from, offset, length);
                size = Math.max(size, position + length);
            }
        }

        @Override
        public void read(long position, byte[] into, int length) throws IOException {
            synchronized (CuttingRestoreDisk.this) {
                call("read", file);
                output.read(position, into, length);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (CuttingRestoreDisk.this) {
                call("force", file);
                output.force();
                forced.put(file, size);
            }
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}
