package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.internal.disk.LocalDisk;
import com.cybernance.continuity.internal.time.SystemTime;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A {@link Vault} in a directory of a file system that knows hard links, file locks and renames of directories. Several
 * vaults, in this process or others, may use one directory.
 *
 * <p>{@link #at} touches no file, and starts no thread; files are touched by daemon threads that end by themselves when
 * idle. The directory is made once, with {@link #initialize}; a directory without its marker, such as an empty mount
 * point, is refused as {@code UNREACHABLE}. A full disk is {@code UNEXPECTED} in the file system's own words, and what
 * was not committed is given up. A committed object has been forced to disk and read back, and every directory above it
 * was forced.
 *
 * <p>{@code docs/vaults.md} describes the layout, which can be read with standard tools alone.
 */
public final class DirectoryVault implements Vault {
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);
    private static final int BATCH = 200;

    private final VaultRoot vault;
    private final InstantSource clock;
    private final IoThreads io;
    private final AtomicBoolean swept = new AtomicBoolean();

    DirectoryVault(VaultRoot vault, InstantSource clock, ExecutorService executor) {
        this.vault = vault;
        this.clock = clock;
        this.io = new IoThreads(vault.toString(), executor, CLOSE_BOUND);
    }

    /**
     * The vault in a directory. Does no input or output.
     *
     * @throws ContinuityException of kind {@code MISCONFIGURED} when a vault cannot have that name
     */
    public static DirectoryVault at(String name, Path directory) {
        return at(name, directory, SystemTime.wall());
    }

    /** As above, with the clock that tells since when an object is kept. */
    public static DirectoryVault at(String name, Path directory, InstantSource clock) {
        return new DirectoryVault(root(name, directory), clock, IoThreads.passing("continuity-vault " + name));
    }

    static VaultRoot root(String name, Path directory) {
        return new VaultRoot(Names.vault(name), directory.toAbsolutePath().normalize(), new LocalDisk());
    }

    /**
     * Makes a directory a vault, by a marker that carries the vault's name; makes the directory, too, when its parent is
     * there. Does nothing when it is that vault already.
     *
     * @throws ContinuityException of kind {@code CONFLICT} when it is another vault; {@code MISCONFIGURED} when it holds
     *     anything else
     */
    public static DirectoryVault initialize(String name, Path directory) {
        DirectoryVault made = at(name, directory);
        made.initialize();
        return made;
    }

    void initialize() {
        call("initializing it", () -> {
            Initializing.run(vault);
            return true;
        });
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        Names.parts(object);
        DraftFiles files = io.call(
                vault + ": creating object '" + object + "'",
                () -> wrap("creating object '" + object + "'", () -> {
                    vault.require();
                    if (!swept.getAndSet(true)) {
                        DraftDirectory.sweep(vault);
                    }
                    return DraftFiles.begin(vault, object);
                }),
                DraftFiles::discard);
        return new DirectoryDraft(vault, io, clock, object, files);
    }

    @Override
    public InputStream open(String object) {
        Names.parts(object);
        return io.call(
                vault + ": opening object '" + object + "'",
                () -> wrap("opening object '" + object + "'", () -> openNow(object)),
                ObjectStream::close);
    }

    private ObjectStream openNow(String object) throws IOException {
        Stored stored = ObjectFiles.find(vault, object);
        Disk.Handle content = stored == null ? null : ObjectFiles.content(vault, object);
        if (stored == null || content == null) {
            throw ObjectFiles.notFound(vault, object);
        }
        return new ObjectStream(vault, io, stored, content);
    }

    @Override
    public Optional<Stored> find(String object) {
        Names.parts(object);
        return call("looking for object '" + object + "'", () -> Optional.ofNullable(ObjectFiles.find(vault, object)));
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        walk(Names.prefix(prefix), each);
    }

    private void walk(List<String> parts, Consumer<Stored> each) {
        String doing = "listing " + (parts.isEmpty() ? "it" : "'" + String.join("/", parts) + "/'");
        List<Listing.Entry> entries = call(doing, () -> Listing.entries(vault, parts));
        int next = 0;
        while (next < entries.size()) {
            int from = next;
            while (next < entries.size()
                    && next - from < BATCH
                    && entries.get(next).standing() == Standing.OBJECT) {
                next++;
            }
            List<Listing.Entry> objects = entries.subList(from, next);
            call(doing, () -> Listing.stored(vault, objects)).forEach(each);
            if (next < entries.size() && entries.get(next).standing() == Standing.PREFIX) {
                walk(Names.parts(entries.get(next).name()), each);
                next++;
            }
        }
    }

    private <T> T call(String doing, IoThreads.Task<T> task) {
        return io.call(vault + ": " + doing, () -> wrap(doing, task), ignored -> {});
    }

    private <T> T wrap(String doing, IoThreads.Task<T> task) {
        try {
            return task.run();
        } catch (IOException e) {
            throw vault.io(doing, e);
        }
    }

    @Override
    public String toString() {
        return vault.toString();
    }
}
