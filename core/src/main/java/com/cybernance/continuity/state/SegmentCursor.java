package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads one segment from front to back, up to the length that it had when it was opened. */
final class SegmentCursor implements Closeable {
    private static final int CHUNK = 64 << 10;

    private final Path file;
    private final Disk.Handle handle;
    private final long size;
    private byte[] chunk = new byte[0];
    private int used;
    private long position;

    private SegmentCursor(Path file, Disk.Handle handle) throws IOException {
        this.file = file;
        this.handle = handle;
        this.size = handle.size();
    }

    /** Opens a segment in which record {@code first} must be. */
    static SegmentCursor open(Disk disk, Path file, long first, long last) throws IOException {
        Disk.Handle handle;
        try {
            handle = disk.open(file, Disk.Access.READ);
        } catch (NoSuchFileException e) {
            throw Failures.rot(
                    file, 0, "a segment with record " + first + " of " + last + " acknowledged ones", "no such file");
        }
        try {
            return new SegmentCursor(file, handle);
        } catch (IOException | RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return size - position;
    }

    /** The next bytes without passing them. */
    byte[] peek(int length, String what) throws IOException {
        return copy(length, what);
    }

    byte[] take(int length, String what) throws IOException {
        byte[] taken = copy(length, what);
        used += length;
        position += length;
        return taken;
    }

    private byte[] copy(int length, String what) throws IOException {
        if (remaining() < length) {
            throw Failures.rot(
                    file, position, what + " of " + length + " bytes", "the file's end after " + remaining());
        }
        if (chunk.length - used < length) {
            chunk = fill((int) Math.max(length, Math.min(CHUNK, remaining())));
            used = 0;
        }
        return Arrays.copyOfRange(chunk, used, used + length);
    }

    private byte[] fill(int length) throws IOException {
        try {
            return Bytes.read(handle, position, length);
        } catch (EOFException e) {
            throw Failures.rot(file, position, "a file of " + size + " bytes", "one that was cut while it was read");
        }
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }
}
