package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Cuts the server's bytes into messages. What arrived before a time limit is kept for the next call. */
final class WireReader {
    private static final int HEADER = 5;
    private static final int ROOM = 256 * 1024;
    /** A server sends pieces of copies of at most 128 KiB; whatever is longer than this is no message. */
    private static final int LONGEST = 16 * 1024 * 1024;

    private final Socket socket;
    private final InputStream in;
    private byte[] buffer = new byte[ROOM];
    private int from;
    private int to;
    private int limitMillis = -1;

    WireReader(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /**
     * Waits for the beginning of a message. With no time at all nothing is waited for.
     *
     * @return false when the time is up before
     */
    boolean await(Duration atMost) throws IOException {
        if (atMost.isZero() && to - from < HEADER && in.available() == 0) {
            return false;
        }
        try {
            fill(HEADER, atMost);
            return true;
        } catch (SocketTimeoutException nothingYet) {
            return false;
        }
    }

    /** The next message. Waits as long for each of its bytes. */
    WireMessage next(Duration silence) throws IOException {
        fill(HEADER, silence);
        char type = (char) (buffer[from] & 0xff);
        int length = ByteBuffer.wrap(buffer, from + 1, 4).getInt();
        if (length < 4 || length > LONGEST) {
            throw new ContinuityException(
                    FailureKind.UNEXPECTED,
                    "the server sent a message of %d bytes, expected 4 to %d".formatted(length, LONGEST),
                    "see whether something between here and the server changes what is sent");
        }
        fill(1 + length, silence);
        ByteBuffer body = ByteBuffer.wrap(buffer, from + HEADER, length - 4).slice();
        from += 1 + length;
        return new WireMessage(type, body);
    }

    private void fill(int wanted, Duration silence) throws IOException {
        if (to - from >= wanted) {
            return;
        }
        makeRoom(wanted);
        limit(silence);
        while (to - from < wanted) {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                throw new IOException("the server closed the connection");
            }
            to += read;
        }
    }

    private void makeRoom(int wanted) {
        if (from == to) {
            from = 0;
            to = 0;
        }
        if (buffer.length - from >= wanted) {
            return;
        }
        byte[] into = wanted > buffer.length ? new byte[wanted + ROOM] : buffer;
        System.arraycopy(buffer, from, into, 0, to - from);
        buffer = into;
        to -= from;
        from = 0;
    }

    private void limit(Duration silence) throws IOException {
        int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, silence.toMillis()));
        if (millis != limitMillis) {
            socket.setSoTimeout(millis);
            limitMillis = millis;
        }
    }
}
