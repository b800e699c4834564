package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes a manifest as the server does. */
final class ManifestWriter {
    private final List<String> files = new ArrayList<>();

    void add(String name, byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        files.add(
                "{ \"Path\": \"%s\", \"Size\": %d, \"Last-Modified\": \"2026-11-23 00:00:00 GMT\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"%08x\" }"
                        .formatted(name, content.length, Integer.reverseBytes((int) crc.getValue())));
    }

    byte[] finish(int timeline, Lsn start, Lsn stop) {
        String text =
                "{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n%s\n],\n\"WAL-Ranges\": [\n{ \"Timeline\": %d, \"Start-LSN\": \"%s\", \"End-LSN\": \"%s\" }\n],\n"
                        .formatted(String.join(",\n", files), timeline, start, stop);
        return sealed(text);
    }

    /** The text with its own checksum after it. */
    static byte[] sealed(String text) {
        String sum = MemoryVault.sha256(text.getBytes(StandardCharsets.UTF_8));
        return (text + "\"Manifest-Checksum\": \"" + sum + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }
}
