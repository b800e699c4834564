package com.cybernance.continuity.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that remembers what was forced. {@link #afterCrash} is one of the disks that a power failure may
 * leave: whatever was not forced is there, missing, torn at sectors or zero, and names may be lost one by one. A rename
 * happens whole or not at all.
 */
public final class SimulatedDisk implements Disk {
    /** The directory that is always there. */
    public static final Path ROOT = Path.of("/disk");

    /** Hears of every change, just after it was made. */
    public interface Witness {
        void changed();
    }

    private final SimulatedFolder root = new SimulatedFolder();
    private final Set<Path> locks = new HashSet<>();
    private final Random random;
    private Witness witness = () -> {};
    private boolean dead;
    private int forcesLeft = Integer.MAX_VALUE;

    public SimulatedDisk(Random random) {
        this.random = random;
    }

    public void witness(Witness each) {
        witness = each;
    }

    /** From now on nothing works any more, as after a crash. */
    public void die() {
        dead = true;
        throw new Crash();
    }

    /** Lets one force fail, after so many that work, in the way of Linux: what it should have written is forgotten. */
    public void failForce(int after) {
        forcesLeft = after;
    }

    /** The end of the process, in the middle of a call. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("simulated crash", null, false, false);
        }
    }

    /** A disk that the machine may find when it comes back. */
    public SimulatedDisk afterCrash(Random choice) {
        SimulatedDisk left = new SimulatedDisk(choice);
        root.leave(left.root, choice, choice.nextInt(5), new IdentityHashMap<>(), new IdentityHashMap<>());
        return left;
    }

    /** The same disk again, with nothing lost, to be damaged in another way. */
    public SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk(random);
        root.leave(copy.root, random, 1, new IdentityHashMap<>(), new IdentityHashMap<>());
        return copy;
    }

    private void alive() {
        if (dead) {
            throw new Crash();
        }
    }

    private @Nullable Object node(Path path) throws IOException {
        alive();
        Object at = root;
        for (Path part : ROOT.relativize(path)) {
            if (at instanceof SimulatedFile) {
                throw new FileSystemException(path.toString(), null, "Not a directory");
            }
            if (at == null) {
                return null;
            }
            at = part.toString().isEmpty() ? at : ((SimulatedFolder) at).entries.get(part.toString());
        }
        return at;
    }

    private SimulatedFolder folder(Path path) throws IOException {
        if (node(path) instanceof SimulatedFolder folder) {
            return folder;
        }
        throw new NoSuchFileException(path.toString());
    }

    private SimulatedFolder parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new NoSuchFileException(path.toString());
        }
        return folder(parent);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** The bytes of a file, to be changed in place by a test. */
    public SimulatedFile content(Path file) throws IOException {
        if (node(file) instanceof SimulatedFile found) {
            return found;
        }
        throw new NoSuchFileException(file.toString());
    }

    /** Puts other bytes in the place of a file, which need not exist. */
    public void replace(Path file, byte[] bytes) throws IOException {
        SimulatedFile content = new SimulatedFile();
        content.bytes = bytes;
        parent(file).entries.put(name(file), content);
    }

    @Override
    public Handle open(Path file, Access access) throws IOException {
        if (access != Access.CREATE) {
            return new Open(content(file));
        }
        SimulatedFile content = new SimulatedFile();
        give(file, content);
        return new Open(content);
    }

    private void give(Path path, Object what) throws IOException {
        SimulatedFolder folder = parent(path);
        if (folder.entries.containsKey(name(path))) {
            throw new FileAlreadyExistsException(path.toString());
        }
        folder.change(SimulatedFolder.Change.give(name(path), what));
        witness.changed();
    }

    @Override
    public Kind kind(Path path) throws IOException {
        if (!path.startsWith(ROOT)) {
            return ROOT.startsWith(path) ? Kind.DIRECTORY : Kind.ABSENT;
        }
        Object found = node(path);
        if (found == null) {
            return Kind.ABSENT;
        }
        return found instanceof SimulatedFolder ? Kind.DIRECTORY : Kind.FILE;
    }

    @Override
    public long size(Path file) throws IOException {
        return content(file).bytes.length;
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return List.copyOf(folder(directory).entries.keySet());
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        give(directory, new SimulatedFolder());
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        give(name, content(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        SimulatedFile file = content(from);
        SimulatedFolder.move(parent(from), name(from), parent(to), name(to), file);
        witness.changed();
    }

    @Override
    public void moveDirectory(Path from, Path to) throws IOException {
        SimulatedFolder folder = folder(from);
        Object there = node(to);
        if (there != null && !(there instanceof SimulatedFolder taken && taken.entries.isEmpty())) {
            throw new FileAlreadyExistsException(to.toString());
        }
        SimulatedFolder.move(parent(from), name(from), parent(to), name(to), folder);
        witness.changed();
    }

    @Override
    public Path real(Path path) throws IOException {
        if (path.startsWith(ROOT) && node(path) == null) {
            throw new NoSuchFileException(path.toString());
        }
        return path;
    }

    @Override
    public void delete(Path path) throws IOException {
        Object found = node(path);
        if (found == null) {
            throw new NoSuchFileException(path.toString());
        }
        if (found instanceof SimulatedFolder folder && !folder.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        parent(path).change(SimulatedFolder.Change.take(name(path)));
        witness.changed();
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (!directory.startsWith(ROOT)) {
            return;
        }
        folder(directory).force();
        witness.changed();
    }

    @Override
    public @Nullable Closeable tryLock(Path lockFile) throws IOException {
        if (!parent(lockFile).entries.containsKey(name(lockFile))) {
            give(lockFile, new SimulatedFile());
        }
        return locks.add(lockFile) ? () -> locks.remove(lockFile) : null;
    }

    private final class Open implements Handle {
        private final SimulatedFile content;

        Open(SimulatedFile content) {
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
            content.truncate((int) size);
            witness.changed();
        }

        @Override
        public void force() throws IOException {
            alive();
            if (forcesLeft-- == 0) {
                content.forget(random);
                throw new IOException("Input/output error");
            }
            content.force();
            witness.changed();
        }

        @Override
        public void close() {}
    }
}
