package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the entries of one archive below one directory, durably, as files of their owner alone. An entry that would lie
 * anywhere else is refused. For one thread.
 */
final class Extraction {
    private static final long FORCED_AT_ONCE = 16L << 20;

    private final Path root;
    private final String archive;
    private final FileFacts facts;
    private final Set<Path> links = new HashSet<>();
    private final Set<Path> named = new HashSet<>();
    private final Set<Path> directories = new TreeSet<>();
    private final byte[] buffer = new byte[1 << 18];
    private final long most;
    private final Durable durable;
    private final Forcing forcing;
    private long bytes;

    /**
     * @param root an empty directory
     * @param facts told of every file
     * @param most how many bytes the archive may hold, so that one that lies does not fill the disk
     * @param forcing takes over every file that was written
     */
    Extraction(Path root, String archive, FileFacts facts, long most, Durable durable, Forcing forcing) {
        this.forcing = forcing;
        this.root = root;
        this.archive = archive;
        this.facts = facts;
        this.most = most;
        this.durable = durable;
        directories.add(root);
    }

    /** Makes the link to a tablespace, before the archive is unpacked: nothing in it may then lie behind the link. */
    void link(BackupRecord.Tablespace tablespace, Path to) throws IOException {
        Path link = root.resolve(Spaces.link(tablespace));
        Path above = link.getParent();
        if (above != null) {
            directory(above);
        }
        durable.disk().link(link, to);
        links.add(link);
    }

    /** Content of files written so far. */
    long bytes() {
        return bytes;
    }

    void all(TarReader tar) throws IOException {
        for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            one(tar, entry.get());
        }
        forcing.await();
        for (Path directory : directories) {
            durable.disk().forceDirectory(directory);
        }
    }

    private void one(TarReader tar, TarReader.Entry entry) throws IOException {
        Path path = inside(entry.name());
        switch (entry.kind()) {
            case DIRECTORY -> directory(path);
            case LINK -> known(entry.name(), path);
            case FILE -> {
                if (entry.name().startsWith("pg_wal/")) {
                    throw refused(entry.name(), "log files come from the log alone");
                }
                Path above = path.getParent();
                if (above != null) {
                    directory(above);
                }
                file(tar, entry, path);
            }
        }
    }

    private void file(TarReader tar, TarReader.Entry entry, Path path) throws IOException {
        if (entry.size() > most - bytes) {
            throw refused(entry.name(), "the archive would hold more than the %d bytes of its record".formatted(most));
        }
        FileFacts.Sum sum = facts.begin(entry.name());
        RestoreDisk.Output output = create(entry.name(), path);
        boolean handedOver = false;
        try {
            write(tar, output, sum);
            forcing.whole(output);
            handedOver = true;
        } finally {
            if (!handedOver) {
                output.close();
            }
        }
        facts.end(entry.name(), entry.size(), sum);
    }

    private RestoreDisk.Output create(String name, Path path) throws IOException {
        try {
            return durable.disk().create(path);
        } catch (FileAlreadyExistsException e) {
            throw refused(name, "it is there twice");
        }
    }

    private void write(TarReader tar, RestoreDisk.Output output, FileFacts.Sum sum) throws IOException {
        long at = 0;
        long unforced = 0;
        for (int got = tar.read(buffer); got >= 0; got = tar.read(buffer)) {
            sum.update(buffer, got);
            output.write(at, buffer, 0, got);
            at += got;
            bytes += got;
            unforced += got;
            if (unforced >= FORCED_AT_ONCE) {
                forcing.begin(output);
                unforced = 0;
            }
        }
    }

    private void directory(Path path) throws IOException {
        if (directories.contains(path)) {
            return;
        }
        Path above = path.getParent();
        if (above != null) {
            directory(above);
        }
        try {
            durable.disk().createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            throw refused(root.relativize(path).toString(), "it is there twice, once as a file");
        }
        directories.add(path);
    }

    /** A link in the archive says nothing that is not known: it is there already, and leads to where the tablespace is now. */
    private void known(String name, Path path) {
        if (!links.contains(path)) {
            throw refused(name, "a link other than a tablespace's of the backup's record");
        }
        if (!named.add(path)) {
            throw refused(name, "it is there twice");
        }
    }

    private Path inside(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.chars().anyMatch(c -> c < ' ')) {
                throw refused(printable(name), "its name leads elsewhere");
            }
        }
        Path path = resolve(name);
        for (Path above = path.getParent(); above != null && !above.equals(root); above = above.getParent()) {
            if (links.contains(above)) {
                throw refused(name, "it lies behind a link");
            }
        }
        return path;
    }

    private Path resolve(String name) {
        try {
            return root.resolve(name);
        } catch (InvalidPathException e) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "the archive %s holds %s, a name that this process cannot give to a file"
                            .formatted(archive, printable(name)),
                    "run it where file names are UTF-8, such as with LC_ALL=C.UTF-8");
        }
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private ContinuityException refused(String name, String why) {
        return Words.corrupt("the archive %s holds %s, which is refused: %s".formatted(archive, name, why));
    }
}
