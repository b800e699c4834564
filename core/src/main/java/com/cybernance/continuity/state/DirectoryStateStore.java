package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.internal.disk.LocalDisk;
import com.cybernance.continuity.internal.disk.ThisProcess;
import com.cybernance.continuity.spi.StateStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A {@link StateStore} in a directory of a local file system that knows hard links and file locks. Several stores, in
 * this process or others, may use one directory; a stream still has one writer.
 *
 * <p>Opening the store touches no file. The directory is made by the first write, its parent must exist. All writing is
 * done by one daemon thread, which starts with the first write and ends with {@link #close}; reading is done by the
 * caller's thread. An acknowledged record or document has been forced to disk and read back.
 *
 * <p>{@link #close} of the store and of its writers returns within 5 seconds; when a hanging disk keeps it from giving
 * the leases back by then, it throws {@link FailureKind#TIMED_OUT}.
 */
public final class DirectoryStateStore implements StateStore {
    private static final long SEGMENT_BYTES = 8 << 20;
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final Directory directory;
    private final IoThreads io;
    private final long segmentBytes;
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    DirectoryStateStore(Path root, Disk disk, ExecutorService executor, long segmentBytes, Duration closeBound) {
        this.directory = new Directory(root, disk);
        this.io = new IoThreads("the state store of " + root, executor, closeBound);
        this.segmentBytes = segmentBytes;
    }

    /**
     * A store over a directory, which need not exist yet. Does no input or output.
     *
     * @param directory used by stores only; its parent must exist when something is written
     */
    public static DirectoryStateStore open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        return new DirectoryStateStore(
                root, new LocalDisk(), IoThreads.single("continuity-state " + root), SEGMENT_BYTES, CLOSE_BOUND);
    }

    @Override
    public void create(String document, byte[] content) {
        Names.checked("document", document);
        byte[] own = content.clone();
        refuseIfClosed();
        String doing = "creating document '" + document + "'";
        io.call(doing, () -> directory.wrap(doing, () -> createNow(document, own)), ignored -> {});
    }

    private Boolean createNow(String document, byte[] content) throws IOException {
        Identity store = directory.prepare();
        Path file = directory.document(document);
        try {
            Document.create(directory.disk(), file, store, document, content);
            return true;
        } catch (FileAlreadyExistsException e) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "document '" + document + "' exists already as " + file,
                    "documents never change; read it, or choose another name",
                    e);
        }
    }

    @Override
    public Optional<byte[]> read(String document) {
        Names.checked("document", document);
        refuseIfClosed();
        return Optional.ofNullable(directory.wrapNullable("reading document '" + document + "'", () -> {
            Identity store = directory.identity();
            return store == null
                    ? null
                    : Document.read(directory.disk(), directory.document(document), store, document);
        }));
    }

    @Override
    public Writer open(String stream) {
        Names.checked("stream", stream);
        refuseIfClosed();
        String doing = "opening stream '" + stream + "'";
        return io.call(doing, () -> directory.wrap(doing, () -> openNow(stream)), Lease::release);
    }

    private Lease openNow(String stream) throws IOException {
        Identity store = directory.prepare();
        StreamFiles files = directory.prepareStream(stream);
        StreamWriter writer =
                StreamWriter.open(directory.disk(), files, store, segmentBytes, ThisProcess.description());
        Lease lease = new Lease(stream, writer);
        leases.add(lease);
        return lease;
    }

    @Override
    public void replay(String stream, Consumer<Entry> each) {
        Names.checked("stream", stream);
        refuseIfClosed();
        directory.wrap("replaying stream '" + stream + "'", () -> {
            Identity store = directory.identity();
            Head head = store == null ? null : directory.head(stream, store);
            if (store != null && head != null) {
                new StreamReader(directory.disk(), directory.stream(stream), store, head, each).walk();
            }
            return true;
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            io.close("closing the state store", this::releaseAll);
        }
    }

    private Boolean releaseAll() {
        ContinuityException first = null;
        for (Lease lease : leases) {
            try {
                lease.release();
            } catch (ContinuityException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return true;
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw Failures.closed(directory.root());
        }
    }

    /** A writer as its caller sees it: every step happens on the store's thread. */
    private final class Lease implements Writer {
        private final String stream;
        private final StreamWriter writer;
        private final long epoch;
        private final AtomicBoolean given = new AtomicBoolean();

        Lease(String stream, StreamWriter writer) {
            this.stream = stream;
            this.writer = writer;
            this.epoch = writer.epoch();
        }

        @Override
        public Entry append(byte[] payload) {
            if (payload.length > Frame.MAX_PAYLOAD) {
                throw Failures.misuse(
                        "a record for stream '" + stream + "' has " + payload.length + " bytes: expected at most "
                                + Frame.MAX_PAYLOAD,
                        "keep large content in a vault, and its digest in the record");
            }
            byte[] own = payload.clone();
            refuseIfClosed();
            if (given.get()) {
                throw Failures.misuse("the writer of stream '" + stream + "' is closed", "open the stream anew");
            }
            return io.call("appending to stream '" + stream + "'", () -> writer.append(own), ignored -> {});
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public void close() {
            if (!closed.get() && !given.get()) {
                io.last("giving back the lease of stream '" + stream + "'", () -> {
                    release();
                    return true;
                });
            }
        }

        /** Runs on the store's thread. */
        void release() {
            if (given.compareAndSet(false, true)) {
                leases.remove(this);
                directory.wrap("giving back the lease of stream '" + stream + "'", () -> {
                    writer.close();
                    return true;
                });
            }
        }
    }
}
