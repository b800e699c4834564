package com.cybernance.continuity.postgres.wire;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends messages to the server, each at once. */
final class WireWriter {
    private final DataOutputStream out;

    WireWriter(Socket socket) throws IOException {
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 * 1024));
    }

    void query(String command) throws IOException {
        byte[] text = command.getBytes(StandardCharsets.UTF_8);
        out.writeByte('Q');
        out.writeInt(4 + text.length + 1);
        out.write(text);
        out.writeByte(0);
        out.flush();
    }

    void copyData(ByteBuffer piece) throws IOException {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        out.writeByte(WireMessage.COPY_DATA);
        out.writeInt(4 + bytes.length);
        out.write(bytes);
        out.flush();
    }

    void copyDone() throws IOException {
        out.writeByte(WireMessage.COPY_DONE);
        out.writeInt(4);
        out.flush();
    }
}
