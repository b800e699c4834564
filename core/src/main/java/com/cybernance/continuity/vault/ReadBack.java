package com.cybernance.continuity.vault;

import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Reads a file from its beginning to its end, once, and hashes what it finds there. It may follow the file's writer, as
 * long as it is let read only what was forced before. For one thread at a time.
 */
final class ReadBack implements Closeable {
    private final Disk.Handle file;
    private final ByteBuffer into;
    private final MessageDigest sha = Sha256.begin();
    private long size;

    /** @param buffer how many bytes are read at once */
    ReadBack(Disk disk, Path file, int buffer) throws IOException {
        this.into = ByteBuffer.allocate(buffer);
        this.file = disk.open(file, Disk.Access.READ);
    }

    /** How many bytes were read. */
    long size() {
        return size;
    }

    /** Reads on up to this position of the file, or to its end. */
    void upTo(long end) throws IOException {
        while (size < end) {
            into.clear().limit((int) Math.min(into.capacity(), end - size));
            if (file.read(into, size) < 0) {
                return;
            }
            size += into.flip().remaining();
            sha.update(into);
        }
    }

    /** Reads what is left, and ends the hash: in lower-case hex, of all bytes from the first to the last. */
    String ofAll() throws IOException {
        upTo(Long.MAX_VALUE);
        return HexFormat.of().formatHex(sha.digest());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
