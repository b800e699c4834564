package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What lies behind the acknowledged end of a stream after a crash: at most one record, whole or torn, which nobody was
 * told about. It is kept aside and cut off. Anything else there means that the head is older than the records, and is
 * refused.
 */
final class Tail {
    private final Disk disk;
    private final StreamFiles files;
    private final Head head;

    Tail(Disk disk, StreamFiles files, Head head) {
        this.disk = disk;
        this.files = files;
        this.head = head;
    }

    /** Only the holder of the lease may call it. */
    void cutOff(List<Long> walked) throws IOException {
        for (String name : disk.list(files.directory())) {
            if (StreamFiles.isSegment(name)) {
                cutOff(StreamFiles.first(name), walked);
            }
        }
    }

    private void cutOff(long first, List<Long> walked) throws IOException {
        if (first == head.segment() && first > 0) {
            cutSegment(first);
        } else if (first == head.sequence() + 1) {
            dropSegment(first);
        } else if (!walked.contains(first)) {
            throw Failures.rot(
                    files.segment(first),
                    0,
                    "no segment beyond record " + (head.sequence() + 1),
                    "one that starts there");
        }
    }

    private void cutSegment(long first) throws IOException {
        Path file = files.segment(first);
        try (Disk.Handle segment = disk.open(file, Disk.Access.WRITE)) {
            if (segment.size() == head.end()) {
                return;
            }
            byte[] tail = bytes(segment, file, head.end());
            judge(tail, 0, file, head.end());
            keep(files.torn(first, head.end()), tail);
            segment.truncate(head.end());
            segment.force();
        }
    }

    /** A segment that was begun for the record after the last acknowledged one. */
    private void dropSegment(long first) throws IOException {
        Path file = files.segment(first);
        try (Disk.Handle segment = disk.open(file, Disk.Access.READ)) {
            byte[] content = bytes(segment, file, 0);
            judge(content, Math.min(Segment.HEADER, content.length), file, 0);
        }
        disk.rename(file, files.torn(first, 0));
        disk.forceDirectory(files.directory());
    }

    private static byte[] bytes(Disk.Handle segment, Path file, long from) throws IOException {
        long length = segment.size() - from;
        if (length > Segment.HEADER + Frame.HEADER + Frame.MAX_PAYLOAD) {
            throw Failures.rot(file, from, "at most one unacknowledged record", length + " bytes");
        }
        return Bytes.read(segment, from, (int) length);
    }

    private void judge(byte[] tail, int from, Path file, long base) {
        if (intactAt(tail, from)) {
            Frame frame = new Frame(Arrays.copyOfRange(tail, from, from + Frame.length(tail, from)));
            if (frame.sequence() != head.sequence() + 1
                    || !Arrays.equals(frame.previous(), head.hash())
                    || from + frame.bytes().length != tail.length) {
                throw misplaced(file, base + from, frame.sequence());
            }
            return;
        }
        long highest = head.sequence() + 1 + tail.length / Frame.HEADER;
        for (int at = from + 1; at + Frame.HEADER <= tail.length; at++) {
            // Payloads may quote earlier records; only records that do not exist yet cannot be quoted.
            long sequence = Frame.sequence(tail, at);
            if (sequence > head.sequence() + 1 && sequence <= highest && intactAt(tail, at)) {
                throw misplaced(file, base + at, sequence);
            }
        }
    }

    private static boolean intactAt(byte[] tail, int at) {
        if (at + Frame.HEADER > tail.length) {
            return false;
        }
        int length = Frame.length(tail, at);
        return length >= 0 && length <= tail.length - at && Frame.intact(tail, at, length);
    }

    private ContinuityException misplaced(Path file, long offset, long observed) {
        return Failures.rot(
                file,
                offset,
                "at most record " + (head.sequence() + 1) + " behind the acknowledged end, after hash " + head.hex(),
                "record " + observed + " where it cannot be");
    }

    private void keep(Path torn, byte[] tail) throws IOException {
        try {
            disk.delete(torn);
        } catch (NoSuchFileException e) {
            // Nothing was torn here before.
        }
        try (Disk.Handle handle = disk.open(torn, Disk.Access.CREATE)) {
            Bytes.write(handle, tail, 0);
            handle.force();
        }
        disk.forceDirectory(files.directory());
    }
}
