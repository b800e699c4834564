package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file of the spool that grows. For the receiving thread alone. */
final class SpoolFile implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})-([0-9a-f]{16})\\.log");
    /** Below half a MiB, which a collector with little memory would treat as something special. */
    private static final int BUFFER = 3 * (Frames.MOST + Frames.FRAME);

    private final Path directory;
    private final Path file;
    private final Position start;
    private final SpoolDisk.Handle handle;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private long written;
    private Lsn received;
    private long durableBytes;
    private Lsn durable;
    private boolean broken;

    private SpoolFile(Path directory, Position start, SpoolDisk.Handle handle, long bytes, Lsn end) {
        this.directory = directory;
        this.file = directory.resolve(name(start));
        this.start = start;
        this.handle = handle;
        this.written = bytes;
        this.received = end;
        this.durableBytes = bytes;
        this.durable = end;
    }

    static String name(Position start) {
        return "%08x-%s.log".formatted(start.timeline(), start.at().hex());
    }

    static Optional<Position> parse(String name) {
        Matcher matched = NAME.matcher(name);
        return matched.matches()
                ? Optional.of(new Position(Integer.parseInt(matched.group(1), 16), Lsn.ofHex(matched.group(2))))
                : Optional.empty();
    }

    /** Makes an empty file, durable with its name. */
    static SpoolFile create(SpoolDisk disk, Path directory, Lineage lineage, Position start) throws IOException {
        Path file = directory.resolve(name(start));
        SpoolDisk.Handle handle = disk.create(file);
        try {
            handle.write(0, Frames.header(lineage, start), 0, Frames.HEADER);
        } catch (IOException e) {
            handle.close();
            disk.delete(file);
            throw e;
        }
        SpoolFile made = new SpoolFile(directory, start, handle, Frames.HEADER, start.at());
        try {
            handle.force();
            disk.forceDirectory(directory);
        } catch (IOException e) {
            handle.close();
            throw SpoolFailures.broken(directory, e);
        }
        return made;
    }

    /**
     * Opens the newest file after a crash. What is there of it was received, though maybe never made durable: it is cut
     * where its frames end, written once more, since a disk that failed to write a page may have dropped it silently, and
     * made durable before it counts.
     *
     * @return empty when not even the header is whole; the file is gone then
     */
    static Optional<SpoolFile> recover(SpoolDisk disk, Path directory, Lineage lineage, Position start)
            throws IOException {
        Path file = directory.resolve(name(start));
        SpoolDisk.Handle handle = disk.open(file);
        try {
            if (!headerIsWhole(handle, file, lineage, start)) {
                handle.close();
                disk.delete(file);
                disk.forceDirectory(directory);
                return Optional.empty();
            }
            Frames.Reader frames = new Frames.Reader(handle, handle.size(), start.at());
            while (frames.next()) {
                // Only where they end is asked for.
            }
            long bytes = frames.consumed();
            handle.truncate(bytes);
            rewrite(handle, bytes);
            SpoolFile recovered = new SpoolFile(directory, start, handle, bytes, frames.at());
            try {
                handle.force();
                disk.forceDirectory(directory);
            } catch (IOException e) {
                throw SpoolFailures.broken(directory, e);
            }
            return Optional.of(recovered);
        } catch (IOException | ContinuityException e) {
            handle.close();
            throw e;
        }
    }

    /** What a file that nothing is appended to any more holds; refuses one that is not whole. */
    static Stretch closed(SpoolDisk disk, Path directory, Lineage lineage, Position start) throws IOException {
        Path file = directory.resolve(name(start));
        try (SpoolDisk.Handle handle = disk.open(file)) {
            long size = handle.size();
            if (!headerIsWhole(handle, file, lineage, start)) {
                throw SpoolFailures.rot(file, 0, "it is cut short");
            }
            Frames.Reader frames = new Frames.Reader(handle, size, start.at());
            while (frames.next()) {
                // Only where they end is asked for.
            }
            if (frames.consumed() != size) {
                throw SpoolFailures.rot(file, frames.consumed(), "expected a frame for " + frames.at());
            }
            return new Stretch(start.timeline(), start.at(), frames.at(), file, size, false);
        }
    }

    /** Takes over bytes of the log that follow what was received; they may stay in memory. */
    void append(byte[] log, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(Frames.MOST, length - done);
            if (buffer.remaining() < Frames.FRAME + part) {
                write();
            }
            Frames.frame(buffer, received, log, offset + done, part);
            buffer.put(log, offset + done, part);
            received = received.plus(part);
            done += part;
        }
    }

    /** Makes durable what was appended. */
    Stretch force() throws IOException {
        if (received.equals(durable)) {
            return stretch();
        }
        if (broken) {
            throw SpoolFailures.broken(directory, new IOException("an earlier attempt failed"));
        }
        write();
        try {
            handle.force();
        } catch (IOException e) {
            broken = true;
            throw SpoolFailures.broken(directory, e);
        }
        durable = received;
        durableBytes = written;
        return stretch();
    }

    /** Forgets what was appended since the file was last made durable. */
    void forget() throws IOException {
        buffer.clear();
        received = durable;
        written = durableBytes;
        handle.truncate(durableBytes);
    }

    Position start() {
        return start;
    }

    /** The end of what was appended, durable or not. */
    Lsn received() {
        return received;
    }

    Stretch stretch() {
        return new Stretch(start.timeline(), start.at(), durable, file, durableBytes, true);
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }

    private void write() throws IOException {
        handle.write(written, buffer.array(), 0, buffer.position());
        written += buffer.position();
        buffer.clear();
    }

    /** A header that is not whole was never made durable, so nothing of the file was acknowledged. */
    private static boolean headerIsWhole(SpoolDisk.Handle handle, Path file, Lineage lineage, Position start)
            throws IOException {
        byte[] found = new byte[Frames.HEADER];
        int read = handle.read(0, found, 0, found.length);
        if (Arrays.equals(found, Frames.header(lineage, start))) {
            return true;
        }
        if (read == found.length
                && handle.size() > Frames.HEADER
                && new Frames.Reader(handle, handle.size(), start.at()).next()) {
            throw SpoolFailures.rot(
                    file, 0, "its header is not that of system %s, %s".formatted(lineage.system(), start));
        }
        return false;
    }

    private static void rewrite(SpoolDisk.Handle handle, long bytes) throws IOException {
        byte[] piece = new byte[256 * 1024];
        for (long at = 0; at < bytes; ) {
            int read = handle.read(at, piece, 0, (int) Math.min(piece.length, bytes - at));
            if (read <= 0) {
                throw new IOException("the file became shorter while it was read");
            }
            handle.write(at, piece, 0, read);
            at += read;
        }
    }
}
