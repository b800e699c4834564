package com.cybernance.continuity.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that remembers what was forced. {@link #afterCrash} is one of the disks that a power failure may
 * leave: whatever was not forced is there, missing, torn at sectors or zero, and names may be lost one by one.
 */
final class SimulatedDisk implements Disk {
    static final Path ROOT = Path.of("/disk");
    private static final int SECTOR = 512;

    /** Hears of every change, just after it was made. */
    interface Witness {
        void changed();
    }

    private final Map<Path, Folder> folders = new HashMap<>();
    private final Set<Path> locks = new HashSet<>();
    private final Random random;
    private Witness witness = () -> {};
    private boolean dead;
    private int forcesLeft = Integer.MAX_VALUE;

    SimulatedDisk(Random random) {
        this.random = random;
        folders.put(ROOT, new Folder());
    }

    void witness(Witness each) {
        witness = each;
    }

    /** From now on nothing works any more, as after a crash. */
    void die() {
        dead = true;
        throw new Crash();
    }

    /** Lets one force fail, after so many that work, in the way of Linux: what it should have written is forgotten. */
    void failForce(int after) {
        forcesLeft = after;
    }

    /** The end of the process, in the middle of a call. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("simulated crash", null, false, false);
        }
    }

    private static final class Folder {
        final TreeMap<String, Object> entries = new TreeMap<>();
        final TreeMap<String, Object> durable = new TreeMap<>();
        final List<NameChange> pending = new ArrayList<>();
    }

    private static final Object SUBFOLDER = new Object();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Change(long position, byte @Nullable [] bytes) {}

    static final class Content {
        byte[] bytes = new byte[0];
        byte[] durable = new byte[0];
        final List<Change> pending = new ArrayList<>();

        void write(byte[] data, int at) {
            bytes = put(bytes, data, at, 0, data.length);
            pending.add(new Change(at, data));
        }

        void force() {
            durable = bytes;
            bytes = bytes.clone();
            pending.clear();
        }

        private static byte[] put(byte[] into, byte[] data, int at, int from, int to) {
            byte[] grown = into.length >= at + to ? into : Arrays.copyOf(into, at + to);
            System.arraycopy(data, from, grown, at + from, to - from);
            return grown;
        }

        /** What a failure of power may leave of this. */
        byte[] afterCrash(Random random, int mood) {
            if (pending.isEmpty() || mood == 0) {
                return durable.clone();
            }
            if (mood == 1) {
                return bytes.clone();
            }
            byte[] left = durable.clone();
            for (Change change : pending) {
                byte[] data = change.bytes;
                if (data == null) {
                    left = random.nextBoolean() ? Arrays.copyOf(left, (int) change.position) : left;
                } else {
                    left = torn(left, data, (int) change.position, random, mood);
                }
            }
            return left;
        }

        private byte[] torn(byte[] left, byte[] data, int at, Random random, int mood) {
            byte[] result = left;
            int from = 0;
            while (from < data.length) {
                int to = Math.min(data.length, from + SECTOR - (at + from) % SECTOR);
                int fate = random.nextInt(4);
                if (fate <= 1) {
                    result = put(result, data, at, from, to);
                } else if (fate == 2 && mood == 3) {
                    // The length was written, the data was not: zeros where there was nothing before.
                    result = result.length >= at + to ? result : Arrays.copyOf(result, at + to);
                }
                from = to;
            }
            if (mood == 4 && result.length > durable.length) {
                int cut = durable.length + random.nextInt(result.length - durable.length + 1);
                result = Arrays.copyOf(result, cut);
            }
            return result;
        }
    }

    /** A disk that the machine may find when it comes back. */
    SimulatedDisk afterCrash(Random choice) {
        SimulatedDisk left = new SimulatedDisk(choice);
        int mood = choice.nextInt(5);
        copy(ROOT, left, choice, mood, new HashMap<>());
        return left;
    }

    private void copy(Path path, SimulatedDisk left, Random choice, int mood, Map<Content, Content> copies) {
        Folder here = folder(path);
        Folder there = left.folders.computeIfAbsent(path, p -> new Folder());
        for (Map.Entry<String, Object> entry : names(here, choice, mood).entrySet()) {
            if (entry.getValue() instanceof Content content) {
                there.entries.put(entry.getKey(), copies.computeIfAbsent(content, c -> copied(c, choice, mood)));
            } else {
                there.entries.put(entry.getKey(), SUBFOLDER);
                copy(path.resolve(entry.getKey()), left, choice, mood, copies);
            }
        }
        there.durable.putAll(there.entries);
    }

    private static Content copied(Content content, Random choice, int mood) {
        Content copy = new Content();
        copy.durable = content.afterCrash(choice, mood);
        copy.bytes = copy.durable.clone();
        return copy;
    }

    private static Map<String, Object> names(Folder folder, Random choice, int mood) {
        if (folder.pending.isEmpty() || mood == 0) {
            return folder.durable;
        }
        if (mood == 1) {
            return folder.entries;
        }
        Map<String, Object> names = new TreeMap<>(folder.durable);
        int prefix = choice.nextInt(folder.pending.size() + 1);
        boolean ordered = choice.nextBoolean();
        for (int i = 0; i < folder.pending.size(); i++) {
            if (ordered ? i < prefix : choice.nextBoolean()) {
                folder.pending.get(i).applyTo(names);
            }
        }
        return names;
    }

    /** A change of names: some are taken away, one is given. Happens whole or not at all. */
    private record NameChange(
            @Nullable String gone,
            @Nullable String given,
            @Nullable Object what) {
        void applyTo(Map<String, Object> names) {
            if (gone != null) {
                names.remove(gone);
            }
            if (given != null && what != null) {
                names.put(given, what);
            }
        }
    }

    private void change(Folder folder, NameChange change) {
        change.applyTo(folder.entries);
        folder.pending.add(change);
        witness.changed();
    }

    private Folder folder(Path path) {
        Folder folder = folders.get(path);
        if (folder == null) {
            throw new IllegalStateException("no folder " + path);
        }
        return folder;
    }

    private Folder parent(Path path) throws IOException {
        alive();
        Path parent = path.getParent();
        Folder folder = parent == null ? null : folders.get(parent);
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        return folder;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private void alive() {
        if (dead) {
            throw new Crash();
        }
    }

    /** The bytes of a file, to be changed in place by a test. */
    Content content(Path file) throws IOException {
        Object found = parent(file).entries.get(name(file));
        if (found instanceof Content content) {
            return content;
        }
        throw new NoSuchFileException(file.toString());
    }

    void replace(Path file, byte[] bytes) throws IOException {
        Content content = new Content();
        content.bytes = bytes;
        parent(file).entries.put(name(file), content);
    }

    @Override
    public Handle open(Path file, Access access) throws IOException {
        Folder folder = parent(file);
        if (access != Access.CREATE) {
            return new Open(content(file));
        }
        if (folder.entries.containsKey(name(file))) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Content content = new Content();
        change(folder, new NameChange(null, name(file), content));
        return new Open(content);
    }

    @Override
    public Kind kind(Path path) {
        alive();
        if (folders.containsKey(path)) {
            return Kind.DIRECTORY;
        }
        Path parent = path.getParent();
        Folder folder = parent == null ? null : folders.get(parent);
        return folder != null && folder.entries.containsKey(name(path)) ? Kind.FILE : Kind.ABSENT;
    }

    @Override
    public long size(Path file) throws IOException {
        return content(file).bytes.length;
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        alive();
        if (!folders.containsKey(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return List.copyOf(folder(directory).entries.keySet());
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Folder folder = parent(directory);
        if (folder.entries.containsKey(name(directory))) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        folders.put(directory, new Folder());
        change(folder, new NameChange(null, name(directory), SUBFOLDER));
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        Folder folder = parent(name);
        if (folder.entries.containsKey(name(name))) {
            throw new FileAlreadyExistsException(name.toString());
        }
        change(folder, new NameChange(null, name(name), content(file)));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change(parent(to), new NameChange(name(from), name(to), content(from)));
    }

    @Override
    public void delete(Path file) throws IOException {
        content(file);
        change(parent(file), new NameChange(name(file), null, null));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        alive();
        Folder folder = folders.get(directory);
        if (folder == null) {
            throw new NoSuchFileException(directory.toString());
        }
        folder.durable.clear();
        folder.durable.putAll(folder.entries);
        folder.pending.clear();
        witness.changed();
    }

    @Override
    public @Nullable Closeable tryLock(Path lockFile) throws IOException {
        Folder folder = parent(lockFile);
        if (!folder.entries.containsKey(name(lockFile))) {
            change(folder, new NameChange(null, name(lockFile), new Content()));
        }
        return locks.add(lockFile) ? () -> locks.remove(lockFile) : null;
    }

    private final class Open implements Handle {
        private final Content content;

        Open(Content content) {
            this.content = content;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            alive();
            int length = (int) Math.min(into.remaining(), content.bytes.length - position);
            if (length <= 0) {
                return -1;
            }
            into.put(content.bytes, (int) position, length);
            return length;
        }

        /** Often takes less than it is given, but never cuts a sector that is written over: no kernel does. */
        @Override
        public int write(ByteBuffer from, long position) {
            alive();
            boolean over = position < content.bytes.length;
            int length = !over && random.nextInt(4) == 0 ? 1 + random.nextInt(from.remaining()) : from.remaining();
            byte[] data = new byte[length];
            from.get(data);
            content.write(data, (int) position);
            witness.changed();
            return length;
        }

        @Override
        public long size() {
            alive();
            return content.bytes.length;
        }

        @Override
        public void truncate(long size) {
            alive();
            content.bytes = Arrays.copyOf(content.bytes, (int) size);
            content.pending.add(new Change(size, null));
            witness.changed();
        }

        @Override
        public void force() throws IOException {
            alive();
            if (forcesLeft-- == 0) {
                content.durable = content.afterCrash(random, 2);
                content.pending.clear();
                throw new IOException("Input/output error");
            }
            content.force();
            witness.changed();
        }

        @Override
        public void close() {}
    }
}
