package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log that was received and that not every vault has yet, in a directory of this machine: one file for each stretch
 * within a segment. One thread appends; any thread may read what is durable.
 */
final class Spool implements AutoCloseable {
    private final SpoolDisk disk;
    private final Path directory;
    private final Closeable lock;
    private final SpoolNotes notes;
    private final Signal signal;
    private final List<Stretch> stretches = new ArrayList<>();
    private @Nullable SpoolFile growing;
    private @Nullable Position begun;

    private Spool(SpoolDisk disk, Path directory, Closeable lock, SpoolNotes notes, Signal signal) {
        this.disk = disk;
        this.directory = directory;
        this.lock = lock;
        this.notes = notes;
        this.signal = signal;
    }

    /** Opens a spool, and finds the end of what it holds. */
    static Spool open(SpoolDisk disk, Path directory, Signal signal) {
        try {
            disk.createDirectories(directory);
            Closeable lock = disk.tryLock(directory.resolve("lock"));
            if (lock == null) {
                throw new StopReceiving(
                        FailureKind.CONFLICT,
                        "the spool %s is in use by another receiver".formatted(directory),
                        "give each receiver a directory of its own, and run one for each lineage");
            }
            try {
                Spool spool = new Spool(disk, directory, lock, SpoolNotes.read(disk, directory), signal);
                spool.recover();
                return spool;
            } catch (IOException | ContinuityException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw SpoolFailures.io("opening", directory, e);
        }
    }

    /** What else is known of the lineage. */
    SpoolNotes notes() {
        return notes;
    }

    /** The end of what is durable; empty in a spool without any log. */
    synchronized Optional<Position> end() {
        if (stretches.isEmpty()) {
            return Optional.empty();
        }
        Stretch last = stretches.get(stretches.size() - 1);
        return Optional.of(new Position(last.timeline(), last.end()));
    }

    /** What is durable, in the order in which it was received. */
    synchronized List<Stretch> stretches() {
        return List.copyOf(stretches);
    }

    /** Length of all files, as far as they are durable. */
    synchronized long bytes() {
        return stretches.stream().mapToLong(Stretch::bytes).sum();
    }

    /** Says where the log goes on. Whatever lies between the end and this was noted elsewhere. */
    void begin(Position position) {
        begun = position;
    }

    /** Takes over bytes that follow what was appended before. They count once {@link #force} returned. */
    void append(byte[] log, int offset, int length) {
        try {
            int segmentSize = notes.lineage().segmentSize();
            int done = 0;
            while (done < length) {
                SpoolFile file = file();
                long room = file.received()
                        .segmentStart(segmentSize)
                        .plus(segmentSize)
                        .minus(file.received());
                if (!file.received().equals(file.start().at()) && room == segmentSize) {
                    follow(new Position(file.start().timeline(), file.received()));
                    continue;
                }
                int part = (int) Math.min(room, length - done);
                file.append(log, offset + done, part);
                done += part;
            }
        } catch (IOException e) {
            throw failed("writing", e);
        }
    }

    /** Makes durable what was appended. After a failure of the disk itself the spool is of no more use. */
    void force() {
        SpoolFile file = growing;
        if (file == null) {
            return;
        }
        try {
            replaceLast(file.force());
        } catch (IOException e) {
            throw failed("writing", e);
        }
        signal.more();
    }

    /** As {@link #force}, at the end of a connection: what cannot be made durable is received again. */
    void settle() {
        try {
            force();
        } catch (ContinuityException lostToTheNextConnection) {
            // The failure that ended the connection is told, or this one comes again.
        }
    }

    /** Hands over the bytes of a part of a stretch, each checked as it was written. */
    void copy(Stretch stretch, Lsn from, Lsn to, OutputStream into) throws IOException {
        stretch.copy(disk, from, to, into);
    }

    /** Gives up a stretch that is no longer growing. */
    synchronized void remove(Stretch stretch) {
        if (stretch.equals(stretches.get(stretches.size() - 1)) || !stretches.remove(stretch)) {
            return;
        }
        try {
            disk.delete(stretch.file());
        } catch (IOException e) {
            throw SpoolFailures.io("removing " + stretch.file().getFileName(), directory, e);
        }
    }

    @Override
    public void close() {
        try {
            SpoolFile file = growing;
            if (file != null) {
                file.close();
            }
            lock.close();
        } catch (IOException nothingToLose) {
            // What counts was made durable before.
        }
    }

    private SpoolFile file() throws IOException {
        SpoolFile file = growing;
        Position next = begun;
        if (next != null) {
            begun = null;
            boolean goesOn = file != null
                    && next.timeline() == file.start().timeline()
                    && next.at().equals(file.received());
            if (!goesOn) {
                follow(next);
            }
            file = growing;
        }
        if (file == null) {
            throw new IllegalStateException("bytes of the log before their position is known");
        }
        return file;
    }

    /** Ends the file that grows, durable as it is, and begins another one. */
    private void follow(Position next) throws IOException {
        SpoolFile before = growing;
        Stretch ended = null;
        if (before != null) {
            Stretch last = before.force();
            replaceLast(last);
            ended = new Stretch(last.timeline(), last.start(), last.end(), last.file(), last.bytes(), false);
        }
        SpoolFile after = SpoolFile.create(disk, directory, notes.lineage(), next);
        synchronized (this) {
            if (ended != null) {
                stretches.set(stretches.size() - 1, ended);
            }
            stretches.add(after.stretch());
            growing = after;
        }
        if (before != null) {
            before.close();
        }
        signal.ended();
    }

    private synchronized void replaceLast(Stretch stretch) {
        stretches.set(stretches.size() - 1, stretch);
    }

    private ContinuityException failed(String doing, IOException e) {
        SpoolFile file = growing;
        if (file != null) {
            try {
                file.forget();
            } catch (IOException again) {
                e.addSuppressed(again);
                return SpoolFailures.broken(directory, e);
            }
        }
        return SpoolFailures.io(doing, directory, e);
    }

    private void recover() throws IOException {
        List<Position> starts = new ArrayList<>();
        for (String name : disk.list(directory)) {
            SpoolFile.parse(name).ifPresent(starts::add);
        }
        if (starts.isEmpty()) {
            return;
        }
        Lineage lineage = notes.lineage();
        while (growing == null && !starts.isEmpty()) {
            Position last = starts.remove(starts.size() - 1);
            growing = SpoolFile.recover(disk, directory, lineage, last).orElse(null);
        }
        for (Position each : starts) {
            stretches.add(SpoolFile.closed(disk, directory, lineage, each));
        }
        SpoolFile file = growing;
        if (file != null) {
            stretches.add(file.stretch());
        }
    }
}
