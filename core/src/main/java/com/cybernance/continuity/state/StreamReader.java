package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the acknowledged records of a stream and checks all that can be checked. What lies behind the head is not
 * looked at, so that a walk is safe while somebody appends. Made for one walk.
 */
class StreamReader {
    private final Disk disk;
    private final StreamFiles files;
    private final Identity store;
    private final Head head;
    private final @Nullable Consumer<Entry> each;
    private final MessageDigest sha = Sha256.begin();
    private final List<Long> segments = new ArrayList<>();

    private byte[] previous;
    private long epoch = 1;
    private @Nullable Frame held;
    private int newestVersion = Preamble.VERSION;

    /** @param each takes every record; null when they are only to be checked */
    StreamReader(Disk disk, StreamFiles files, Identity store, Head head, @Nullable Consumer<Entry> each) {
        this.disk = disk;
        this.files = files;
        this.store = store;
        this.head = head;
        this.each = each;
        this.previous = Segment.genesis(store, files.stream());
    }

    /** The first record numbers of the segments that were walked. */
    List<Long> segments() {
        return segments;
    }

    /** The newest format version among them. */
    int newestVersion() {
        return newestVersion;
    }

    void walk() throws IOException {
        SegmentCursor segment = null;
        try {
            for (long next = 1; next <= head.sequence(); next++) {
                if (segment == null || segment.remaining() == 0) {
                    if (segment != null) {
                        segment.close();
                    }
                    segment = enter(next);
                }
                take(segment, next);
            }
            checkEnd(segment);
            deliver();
        } finally {
            if (segment != null) {
                segment.close();
            }
        }
    }

    private SegmentCursor enter(long next) throws IOException {
        SegmentCursor segment = SegmentCursor.open(disk, files.segment(next), next, head.sequence());
        boolean entered = false;
        try {
            byte[] expected = Segment.header(store, files.stream(), next, previous);
            byte[] observed = segment.take(Segment.HEADER, "a segment header");
            newestVersion = Math.max(newestVersion, Segment.check(observed, expected, store, segment.file()));
            segments.add(next);
            entered = true;
            return segment;
        } finally {
            if (!entered) {
                segment.close();
            }
        }
    }

    private void take(SegmentCursor segment, long next) throws IOException {
        long at = segment.position();
        Path file = segment.file();
        int length = Frame.length(segment.peek(Frame.HEADER, "the header of record " + next), 0);
        if (length < 0) {
            throw Failures.rot(file, at, "the length of record " + next, "one above 16 MiB");
        }
        Frame frame = new Frame(segment.take(length, "record " + next));
        if (!frame.intact()) {
            throw Failures.rot(file, at, "record " + next + " to match its checksum", "that it does not");
        }
        if (frame.sequence() != next) {
            throw Failures.rot(file, at, "record " + next, "record " + frame.sequence());
        }
        if (frame.epoch() < epoch || frame.epoch() > head.epoch()) {
            throw Failures.rot(file, at, "an epoch from " + epoch + " to " + head.epoch(), "" + frame.epoch());
        }
        if (!linked(previous, frame.previous())) {
            HexFormat hex = HexFormat.of();
            throw Failures.rot(
                    file,
                    at,
                    "record " + next + " to follow a record of hash " + hex.formatHex(previous),
                    hex.formatHex(frame.previous()));
        }
        deliver();
        epoch = frame.epoch();
        previous = sha.digest(frame.bytes());
        held = frame;
    }

    /** Hands over the record before: only the link of the one behind it, or the head, proves a record. */
    private void deliver() {
        if (held != null && each != null) {
            each.accept(held.entry(previous));
        }
    }

    private void checkEnd(@Nullable SegmentCursor segment) {
        long first = segments.isEmpty() ? 0 : segments.get(segments.size() - 1);
        long end = segment == null ? 0 : segment.position();
        if (!linked(head.hash(), previous)) {
            throw Failures.rot(
                    files.segment(first),
                    end,
                    "record " + head.sequence() + " to end here with hash " + head.hex(),
                    HexFormat.of().formatHex(previous));
        }
        if (head.segment() != first || head.end() != end) {
            throw Failures.rot(
                    files.head(),
                    0,
                    "the acknowledged end at offset " + end + " of segment " + first,
                    "offset " + head.end() + " of segment " + head.segment());
        }
    }

    /** Whether the chain holds at a link. */
    boolean linked(byte[] expected, byte[] observed) {
        return Arrays.equals(expected, observed);
    }
}
