package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.Reason;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The directory of a vault and the words for what goes wrong in it. Thread-safe. */
final class VaultRoot {
    private static final int BUFFER = 256 << 10;
    private static final int MOST_REMEMBERED = 10_000;
    private static final String PUT_BACK = "keep it for inspection, and bring the object back from another vault";

    private final String name;
    private final Path root;
    private final Disk disk;
    private final int buffer;

    /** Directories of which we know that they outlast a crash, with all that is above them: they are never removed. */
    private final Set<Path> lasting = ConcurrentHashMap.newKeySet();

    /**
     * A vault's directory, of which nothing is looked at yet.
     *
     * @param root absolute
     * @param buffer how many bytes are read or written at once
     */
    VaultRoot(String name, Path root, Disk disk, int buffer) {
        this.name = name;
        this.root = root;
        this.disk = disk;
        this.buffer = buffer;
    }

    VaultRoot(String name, Path root, Disk disk) {
        this(name, root, disk, BUFFER);
    }

    String name() {
        return name;
    }

    Path root() {
        return root;
    }

    Disk disk() {
        return disk;
    }

    int buffer() {
        return buffer;
    }

    Path drafts() {
        return root.resolve(".drafts");
    }

    Path keeper() {
        return root.resolve(".keeper");
    }

    Path path(List<String> parts) {
        Path path = root;
        for (String part : parts) {
            path = path.resolve(part);
        }
        return path;
    }

    /** Refuses a directory that is not this vault, such as the mount point of a file system that is not mounted. */
    void require() throws IOException {
        Disk.Kind kind = disk.kind(root);
        if (kind == Disk.Kind.FILE) {
            throw failure(FailureKind.MISCONFIGURED, "expected a directory, observed a file", "name its directory");
        }
        String found = kind == Disk.Kind.ABSENT ? null : Marker.read(this);
        if (found == null) {
            String observed = kind == Disk.Kind.ABSENT ? "no such directory" : "a directory without one";
            throw failure(
                    FailureKind.UNREACHABLE,
                    "expected a directory that holds the marker " + Marker.FILE + ", observed " + observed,
                    "mount its file system; only a vault that is new is made, with DirectoryVault.initialize");
        }
        if (!found.equals(name)) {
            throw failure(
                    FailureKind.MISCONFIGURED,
                    "its marker " + Marker.FILE + " says that this is vault '" + found + "'",
                    "check which file system is mounted there");
        }
    }

    /** What a name stands for; the files of an object are no names. */
    Standing standing(List<String> parts) throws IOException {
        for (int i = 1; i < parts.size(); i++) {
            if (standing(path(parts.subList(0, i))) != Standing.PREFIX) {
                return Standing.ABSENT;
            }
        }
        return standing(path(parts));
    }

    /** What stands at a path of which all that is above it only begins names. */
    Standing standing(Path path) throws IOException {
        if (path.equals(root)) {
            return Standing.PREFIX;
        }
        Disk.Kind kind = disk.kind(path);
        if (kind == Disk.Kind.ABSENT) {
            return Standing.ABSENT;
        }
        if (kind == Disk.Kind.DIRECTORY) {
            if (disk.kind(path.resolve(ObjectFiles.RECORD)) == Disk.Kind.FILE) {
                return Standing.OBJECT;
            }
            if (disk.kind(path.resolve(ObjectFiles.PREFIX)) == Disk.Kind.FILE) {
                return Standing.PREFIX;
            }
            if (disk.kind(path) == Disk.Kind.ABSENT) {
                return Standing.ABSENT;
            }
        }
        throw corrupt("expected a directory with " + ObjectFiles.RECORD + " or " + ObjectFiles.PREFIX + " at " + path
                + ", observed " + (kind == Disk.Kind.DIRECTORY ? "one without" : "a file"));
    }

    /** Refuses links that lead elsewhere, and names that the file system spells in another way. */
    void requireReal(Path path) throws IOException {
        Path expected = disk.real(root).resolve(root.relativize(path));
        Path observed = disk.real(path);
        if (!observed.equals(expected)) {
            throw corrupt("expected " + path + " to be a file of its own, observed that it is really " + observed);
        }
    }

    /** Makes a name below the root last, with all that is above it. */
    void forceNames(Path path) throws IOException {
        Path directory = path.getParent();
        if (directory == null) {
            return;
        }
        disk.forceDirectory(directory);
        if (lasting.contains(directory)) {
            return;
        }
        for (Path at = directory.getParent(); at != null && at.startsWith(root); at = at.getParent()) {
            disk.forceDirectory(at);
        }
        if (lasting.size() >= MOST_REMEMBERED) {
            lasting.clear();
        }
        lasting.add(directory);
    }

    ContinuityException failure(FailureKind kind, String what, String hint) {
        return new ContinuityException(kind, this + ": " + what, hint);
    }

    ContinuityException corrupt(String what) {
        return failure(FailureKind.CORRUPT, what, PUT_BACK);
    }

    ContinuityException unsupported(String what) {
        return failure(
                FailureKind.UNSUPPORTED, what + ", which this release cannot read", "use the release that wrote it");
    }

    ContinuityException io(String doing, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return Reason.interrupted(doing);
        }
        // Only a look that says so knows that an object is not there.
        FailureKind kind = e instanceof NoSuchFileException ? FailureKind.UNREACHABLE : Reason.kind(e);
        return new ContinuityException(kind, this + ": " + doing + " failed: " + Reason.of(e), hint(kind, e), e);
    }

    private static String hint(FailureKind kind, IOException e) {
        if (Reason.isFull(e)) {
            return "free space on the vault's file system, or give it more, then do it again";
        }
        return switch (kind) {
            case DENIED -> "let the user that runs this process read and write the vault's directory";
            case UNREACHABLE -> "somebody removed it; check that the file system is mounted";
            default -> "check the disk and the kernel's log before doing it again";
        };
    }

    @Override
    public String toString() {
        return "vault '" + name + "' in " + root;
    }
}
