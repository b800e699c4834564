package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store's directory: what lies where, making it, and telling a new one from a damaged one. */
final class Directory {
    private final Path root;
    private final Disk disk;

    /** Written by the store's thread alone. */
    private boolean forced;

    Directory(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    Path root() {
        return root;
    }

    Disk disk() {
        return disk;
    }

    Path document(String name) {
        return documents().resolve(name + ".doc");
    }

    StreamFiles stream(String name) {
        return new StreamFiles(streams().resolve(name), name);
    }

    private Path store() {
        return root.resolve("store");
    }

    private Path documents() {
        return root.resolve("documents");
    }

    private Path streams() {
        return root.resolve("streams");
    }

    /** The identity of the store; null when nothing was ever written to it. */
    @Nullable
    Identity identity() throws IOException {
        Disk.Kind kind = disk.kind(root);
        if (kind == Disk.Kind.FILE) {
            throw Failures.misuse(root + " is a file: expected a directory", "give the store a directory of its own");
        }
        Identity found = kind == Disk.Kind.ABSENT ? null : Identity.read(disk, store());
        if (found == null) {
            refuseOrphans();
            // Somebody may have made the store, and filled it, between the two looks.
            return null;
        }
        requireDirectory(documents());
        requireDirectory(streams());
        return found;
    }

    private void refuseOrphans() throws IOException {
        Path parent = root.getParent();
        if (parent != null && disk.kind(parent) != Disk.Kind.DIRECTORY) {
            throw Failures.misuse(
                    root + " cannot be a state store: expected a directory " + parent + ", observed none",
                    "make that directory, or check that its file system is mounted");
        }
        for (Path part : List.of(documents(), streams())) {
            if (disk.kind(part) == Disk.Kind.DIRECTORY
                    && !disk.list(part).isEmpty()
                    && Identity.read(disk, store()) == null) {
                throw Failures.rot(store(), 0, "the identity of a store that has content in " + part, "no such file");
            }
        }
    }

    private void requireDirectory(Path part) throws IOException {
        if (disk.kind(part) != Disk.Kind.DIRECTORY) {
            throw Failures.rot(part, 0, "a directory, as the store file is there", "none");
        }
    }

    /** Makes what is missing and lasting what is there; only then may something be written. */
    Identity prepare() throws IOException {
        Identity found = identity();
        if (found == null) {
            make(root);
            make(documents());
            make(streams());
            disk.forceDirectory(root);
            Path parent = root.getParent();
            if (parent != null) {
                disk.forceDirectory(parent);
            }
            Identity.publish(disk, store());
            found = identity();
        }
        if (found == null) {
            throw new NoSuchFileException(store().toString());
        }
        Preamble.writable(found.version(), store());
        if (!forced) {
            disk.forceDirectory(root);
            forced = true;
        }
        return found;
    }

    StreamFiles prepareStream(String name) throws IOException {
        StreamFiles files = stream(name);
        make(files.directory());
        disk.forceDirectory(streams());
        return files;
    }

    private void make(Path directory) throws IOException {
        try {
            disk.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (disk.kind(directory) != Disk.Kind.DIRECTORY) {
                throw e;
            }
        }
    }

    /** How far a stream is acknowledged; null when nothing was ever acknowledged in it. */
    @Nullable
    Head head(String name, Identity store) throws IOException {
        StreamFiles files = stream(name);
        if (disk.kind(files.directory()) == Disk.Kind.ABSENT) {
            return null;
        }
        HeadFile file = new HeadFile(disk, files, store);
        Head head = file.read(HeadFile.PATIENT);
        if (head == null) {
            boolean segments = disk.list(files.directory()).stream().anyMatch(StreamFiles::isSegment);
            // The head comes before the first segment: if it is still not there, it was lost.
            head = segments ? file.read(HeadFile.PATIENT) : null;
            if (segments && head == null) {
                StreamWriter.refuseOrphans(disk, files);
            }
        }
        return head;
    }

    /** Something to do with the directory. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Something to look for in it. */
    interface Search<T> {
        @Nullable
        T run() throws IOException;
    }

    /** Runs it; a failed input or output is told with what was being done. */
    <T> T wrap(String doing, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw Failures.io(doing, root, e);
        }
    }

    /** As above, for work that may find nothing. */
    <T> @Nullable T wrapNullable(String doing, Search<T> search) {
        try {
            return search.run();
        } catch (IOException e) {
            throw Failures.io(doing, root, e);
        }
    }
}
