package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The work of a lease's holder: takes the lease, heals what a crash left, appends. Not thread-safe: everything runs on
 * the store's own thread.
 */
final class StreamWriter {
    private final Disk disk;
    private final StreamFiles files;
    private final Identity store;
    private final HeadFile headFile;
    private final long segmentBytes;
    private final Closeable lock;

    private Head head;
    private Disk.@Nullable Handle headHandle;
    private Disk.@Nullable Handle segment;
    private @Nullable ContinuityException poison;

    private StreamWriter(
            Disk disk, StreamFiles files, Identity store, HeadFile headFile, long segmentBytes, Closeable lock) {
        this.disk = disk;
        this.files = files;
        this.store = store;
        this.headFile = headFile;
        this.segmentBytes = segmentBytes;
        this.lock = lock;
        this.head = Head.empty(Segment.genesis(store, files.stream()));
    }

    /** Takes the lease of a stream whose directory exists. */
    static StreamWriter open(Disk disk, StreamFiles files, Identity store, long segmentBytes, String holder)
            throws IOException {
        HeadFile headFile = new HeadFile(disk, files, store);
        Closeable lock = disk.tryLock(files.lock());
        if (lock == null) {
            throw held(headFile.read(HeadFile.PATIENT), files);
        }
        StreamWriter writer = new StreamWriter(disk, files, store, headFile, segmentBytes, lock);
        boolean opened = false;
        try {
            writer.recover(holder);
            opened = true;
            return writer;
        } finally {
            if (!opened) {
                writer.close();
            }
        }
    }

    private static ContinuityException held(@Nullable Head head, StreamFiles files) {
        String who = head == null ? "somebody who is just making it" : head.holder() + ", epoch " + head.epoch();
        return new ContinuityException(
                FailureKind.CONFLICT,
                "stream '" + files.stream() + "' in " + files.directory() + " already has a writer: " + who,
                "exactly one writer may hold a stream; close that one or end its process, then open again");
    }

    private void recover(String holder) throws IOException {
        Head found = headFile.read(HeadFile.ONCE);
        if (found == null) {
            refuseOrphans(disk, files);
            found = headFile.create(head.hash());
        }
        Preamble.writable(found.version(), files.head());
        StreamReader reader = new StreamReader(disk, files, store, found, null);
        reader.walk();
        Preamble.writable(reader.newestVersion(), files.segment(Math.max(1, found.segment())));
        new Tail(disk, files, found).cutOff(reader.segments());
        disk.forceDirectory(files.directory());
        headHandle = disk.open(files.head(), Disk.Access.WRITE);
        if (found.segment() > 0) {
            segment = disk.open(files.segment(found.segment()), Disk.Access.WRITE);
        }
        headFile.write(headHandle, found.takenBy(holder));
        head = found.takenBy(holder);
    }

    /** A stream without a head may hold no records: its head is durable before its first segment is begun. */
    static void refuseOrphans(Disk disk, StreamFiles files) throws IOException {
        for (String name : disk.list(files.directory())) {
            if (StreamFiles.isSegment(name)) {
                throw Failures.rot(files.head(), 0, "the head of a stream that has segment " + name, "no such file");
            }
        }
    }

    long epoch() {
        return head.epoch();
    }

    Entry append(byte[] payload) throws IOException {
        if (poison != null) {
            throw refused(poison);
        }
        ContinuityException failure = Failures.misuse("it ended without saying how", "report this");
        boolean done = false;
        try {
            Entry entry = appendNext(payload);
            done = true;
            return entry;
        } catch (ContinuityException e) {
            failure = e;
            throw e;
        } catch (IOException e) {
            failure = Failures.io("appending record " + (head.sequence() + 1), files.directory(), e);
            throw failure;
        } finally {
            if (!done) {
                poison = failure;
            }
        }
    }

    private ContinuityException refused(ContinuityException cause) {
        return new ContinuityException(
                cause.kind() == FailureKind.INTERRUPTED ? FailureKind.UNEXPECTED : cause.kind(),
                "stream '" + files.stream() + "' takes no more records, because an earlier append failed ("
                        + cause.getMessage() + ")",
                "close this writer and open the stream anew, which reads back and checks what is on disk",
                cause);
    }

    private Entry appendNext(byte[] payload) throws IOException {
        checkStillOurs();
        Frame frame = Frame.of(head.sequence() + 1, head.epoch(), head.hash(), payload);
        byte[] hash = frame.hash();
        Head acknowledged;
        if (segment == null || head.end() + frame.bytes().length > segmentBytes) {
            beginSegment(frame);
            acknowledged =
                    head.acknowledging(frame, hash, frame.sequence(), Segment.HEADER + (long) frame.bytes().length);
        } else {
            Bytes.writeDurably(segment, frame.bytes(), head.end());
            acknowledged = head.acknowledging(frame, hash, head.segment(), head.end() + frame.bytes().length);
        }
        headFile.write(open(headHandle), acknowledged);
        head = acknowledged;
        return frame.entry(hash);
    }

    /** The lock should suffice; the head tells when it did not (its file removed, or a file system without locks). */
    private void checkStillOurs() throws IOException {
        Head found = headFile.read(HeadFile.ONCE);
        if (found == null) {
            throw lost("its head is gone");
        }
        if (!found.sameAs(head)) {
            throw lost("expected epoch " + head.epoch() + " at record " + head.sequence() + ", observed epoch "
                    + found.epoch() + " at record " + found.sequence() + ", taken by " + found.holder());
        }
        if (head.segment() > 0) {
            checkLength(files.segment(head.segment()));
        }
    }

    private void checkLength(Path file) throws IOException {
        try {
            long size = disk.size(file);
            if (size != head.end()) {
                throw lost("expected " + file + " to end at " + head.end() + ", observed " + size);
            }
        } catch (NoSuchFileException e) {
            throw lost(file + " is gone");
        }
    }

    private ContinuityException lost(String observed) {
        return new ContinuityException(
                FailureKind.CONFLICT,
                "stream '" + files.stream() + "' in " + files.directory() + " was changed by somebody else: "
                        + observed,
                "make sure that one process uses the directory, then open the stream anew");
    }

    private void beginSegment(Frame frame) throws IOException {
        byte[] header = Segment.header(store, files.stream(), frame.sequence(), head.hash());
        ByteBuffer content = ByteBuffer.allocate(header.length + frame.bytes().length);
        content.put(header).put(frame.bytes());
        Disk.Handle begun = disk.open(files.segment(frame.sequence()), Disk.Access.CREATE);
        close(segment);
        segment = begun;
        Bytes.writeDurably(begun, content.array(), 0);
        disk.forceDirectory(files.directory());
    }

    private static Disk.Handle open(Disk.@Nullable Handle handle) {
        if (handle == null) {
            throw new IllegalStateException("an open writer has its files open");
        }
        return handle;
    }

    void close() throws IOException {
        try (lock) {
            close(segment);
            close(headHandle);
        }
        poison = Failures.misuse("the writer is closed", "open the stream anew");
    }

    private static void close(@Nullable Closeable handle) throws IOException {
        if (handle != null) {
            handle.close();
        }
    }
}
