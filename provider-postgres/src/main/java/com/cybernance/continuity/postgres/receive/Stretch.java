package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * What one file of the spool holds durably: the log from {@code start} (inclusive) to {@code end} (exclusive), within
 * one segment.
 *
 * @param end equal to {@code start} while there is nothing yet
 * @param bytes the file's length up to {@code end}
 * @param growing whether more may be appended to it
 */
record Stretch(int timeline, Lsn start, Lsn end, Path file, long bytes, boolean growing) {
    /** Hands over the bytes of a part of it, each checked as it was written. */
    void copy(SpoolDisk disk, Lsn from, Lsn to, OutputStream into) throws IOException {
        try (SpoolDisk.Handle handle = disk.open(file)) {
            Frames.Reader frames = new Frames.Reader(handle, bytes, start);
            while (frames.at().isBefore(to)) {
                if (!frames.next()) {
                    throw SpoolFailures.rot(file, frames.consumed(), "expected a frame for %s".formatted(frames.at()));
                }
                Lsn first = Lsn.later(from, frames.at());
                Lsn last = Lsn.earlier(to, frames.at().plus(frames.length()));
                if (first.isBefore(last)) {
                    int skip = (int) first.minus(frames.at());
                    into.write(frames.buffer(), frames.offset() + skip, (int) last.minus(first));
                }
                if (last.equals(to)) {
                    return;
                }
            }
        }
    }
}
