package com.cybernance.continuity.postgres.recover;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a tar as PostgreSQL does, in memory. */
final class TarWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ManifestWriter manifest = new ManifestWriter();

    ManifestWriter manifest() {
        return manifest;
    }

    void directory(String name) {
        header(name + "/", 0, '5', "");
    }

    void link(String name, String to) {
        header(name, 0, '2', to);
    }

    void file(String name, byte[] content, ManifestWriter list, String known) {
        header(name, content.length, '0', "");
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        list.add(known + name, content);
    }

    void header(String name, long size, char type, String to) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000600");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(size));
        put(header, 136, "%011o".formatted(1_700_000_000));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 157, to);
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xFF;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        out.writeBytes(header);
    }

    byte[] finish() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
