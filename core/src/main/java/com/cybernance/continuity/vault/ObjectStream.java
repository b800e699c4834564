package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of an object. Its last bytes are handed over only after all of it was found to be what was committed.
 * Files are touched on a thread that nobody interrupts.
 */
final class ObjectStream extends InputStream {
    private final VaultRoot vault;
    private final IoThreads io;
    private final Stored object;
    private final Disk.Handle content;
    private final MessageDigest sha = Sha256.begin();
    private final ByteBuffer buffer;
    private long position;
    private boolean proven;
    private @Nullable ContinuityException ended;

    ObjectStream(VaultRoot vault, IoThreads io, Stored object, Disk.Handle content) {
        this.vault = vault;
        this.io = io;
        this.object = object;
        this.content = content;
        this.buffer = ByteBuffer.allocate(vault.buffer()).limit(0);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        refuseIfEnded();
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining()) {
            if (proven) {
                return -1;
            }
            fill();
            if (!buffer.hasRemaining()) {
                return -1;
            }
        }
        int taken = Math.min(length, buffer.remaining());
        buffer.get(into, offset, taken);
        return taken;
    }

    @Override
    public int available() {
        refuseIfEnded();
        return buffer.remaining();
    }

    private void fill() {
        String doing = "reading object '" + object.name() + "'";
        boolean done = false;
        try {
            io.call(vault + ": " + doing, () -> readOn(doing), ignored -> {});
            done = true;
        } catch (ContinuityException e) {
            ended = e;
            throw e;
        } finally {
            if (!done && ended == null) {
                ended = vault.failure(FailureKind.UNEXPECTED, doing + " failed", "report this");
            }
        }
    }

    private Boolean readOn(String doing) {
        synchronized (sha) {
            try {
                buffer.clear();
                while (buffer.hasRemaining() && content.read(buffer, position + buffer.position()) >= 0) {
                    // Reads may be short; a full buffer or the end of the file ends them.
                }
                buffer.flip();
                sha.update(buffer.array(), 0, buffer.limit());
                position += buffer.limit();
                if (position >= object.size() || buffer.limit() < buffer.capacity()) {
                    prove();
                }
                return true;
            } catch (IOException e) {
                throw vault.io(doing, e);
            }
        }
    }

    private void prove() throws IOException {
        long size = content.size();
        if (position != object.size() || size != object.size()) {
            throw corrupt(object.size() + " bytes", Math.max(size, position) + " bytes");
        }
        String observed = HexFormat.of().formatHex(sha.digest());
        if (!observed.equals(object.sha256())) {
            throw corrupt("SHA-256 " + object.sha256(), observed);
        }
        proven = true;
    }

    private ContinuityException corrupt(String expected, String observed) {
        return vault.corrupt("object '" + object.name() + "' is not what was committed: expected " + expected
                + ", observed " + observed);
    }

    private void refuseIfEnded() {
        if (ended != null) {
            throw new ContinuityException(
                    ended.kind() == FailureKind.INTERRUPTED ? FailureKind.UNEXPECTED : ended.kind(),
                    "nothing more is read of object '" + object.name() + "' (" + ended.getMessage() + ")",
                    "open the object anew",
                    ended);
        }
    }

    @Override
    public void close() {
        if (ended == null) {
            ended = vault.failure(
                    FailureKind.MISCONFIGURED, "object '" + object.name() + "' was closed", "open the object anew");
        }
        try {
            io.last("closing object '" + object.name() + "'", () -> {
                synchronized (sha) {
                    content.close();
                }
                return true;
            });
        } catch (ContinuityException e) {
            // A file that was only read has nothing to lose.
        }
    }
}
