package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The directory of one run: servers' data, connection facts, passwords. While its owner lives it holds a lock on a file
 * in it, so whoever starts next can tell a run that is in use from what a killed process left behind, even when process
 * ids mean something else to it.
 */
final class RunDirectory {
    private static final String LOCK = "owner.lock";
    private static final String OWNER = "owner.pid";
    private static final String KEPT = "kept";

    private final Path path;
    private final FileChannel channel;

    private RunDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Clears away what dead owners left, then makes a fresh directory. */
    static RunDirectory open() throws IOException {
        Path runs = Workspace.subdirectory("runs");
        sweep(runs);
        Path fresh = Files.createTempDirectory(runs, ".new-");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                fresh.resolve(OWNER), Long.toString(ProcessHandle.current().pid()));
        FileChannel channel =
                FileChannel.open(fresh.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        // Only now may a sweep see it. The lock stays with the file, whatever the directory is called.
        Path path = runs.resolve(fresh.getFileName().toString().replace(".new-", "run-"));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        return new RunDirectory(path, channel);
    }

    Path path() {
        return path;
    }

    /** From now on nobody clears this run away. */
    void keep() throws IOException {
        Files.writeString(path.resolve(KEPT), "");
        channel.close();
    }

    void delete() throws IOException {
        channel.close();
        Workspace.deleteTree(path);
    }

    static void sweep(Path runs) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(runs, "run-*")) {
            for (Path run : all) {
                try {
                    if (ownerIsDead(run)) {
                        killServers(run);
                        Workspace.deleteTree(run);
                    }
                } catch (IOException sweptBySomebodyElseAtTheSameTime) {
                    // What is left of it is the next sweep's.
                }
            }
        }
    }

    private static boolean ownerIsDead(Path run) throws IOException {
        // Closing any channel of a file gives up all locks that this process holds on it, so our own are not opened.
        if (Files.exists(run.resolve(KEPT)) || isOurs(run)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(run.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (NoSuchFileException halfDeleted) {
            return true;
        } catch (OverlappingFileLockException heldInThisProcess) {
            return false;
        }
    }

    private static boolean isOurs(Path run) throws IOException {
        try {
            return Files.readString(run.resolve(OWNER))
                    .equals(Long.toString(ProcessHandle.current().pid()));
        } catch (NoSuchFileException halfDeleted) {
            return false;
        }
    }

    private static void killServers(Path run) throws IOException {
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(run)) {
            for (Path data : inside) {
                Optional<ProcessHandle> server = postmasterOf(data);
                if (server.isPresent()) {
                    Processes.end(server.get().pid());
                }
            }
        }
    }

    /** The process id in the file may have gone to somebody else since: only a process that names the directory counts. */
    private static Optional<ProcessHandle> postmasterOf(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().commandLine().orElse("").contains(data.toString()));
    }

    /** For a shutdown hook, which has nobody to tell. */
    void deleteQuietly() {
        try {
            delete();
        } catch (IOException | UncheckedIOException leftForTheNextSweep) {
            // The lock dies with this process, so the next run clears it away.
        }
    }
}
