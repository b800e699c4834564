package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Writes a manifest as the server would, where the server makes none. Until it is whole it is kept compressed, at some 25
 * bytes a file, because a vault takes it only after the archives. For one thread.
 */
final class OwnManifest implements AutoCloseable {
    private static final int WITH_SYSTEM = 170_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final ZstdOutputStream packing;
    private final MessageDigest sha256;
    private boolean any;

    /** @param version the server's {@code server_version_num} */
    OwnManifest(int version, String system) throws IOException {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        packing = new ZstdOutputStream(kept, 3);
        boolean second = version >= WITH_SYSTEM;
        write("{ \"PostgreSQL-Backup-Manifest-Version\": %d,\n".formatted(second ? 2 : 1));
        if (second) {
            write("\"System-Identifier\": %s,\n".formatted(system));
        }
        write("\"Files\": [");
    }

    /**
     * Adds a file.
     *
     * @param path in the data directory
     * @param crc32c of its content
     */
    void add(String path, long size, Instant changed, int crc32c) throws IOException {
        write(
                "%s\n{ \"Path\": \"%s\", \"Size\": %d, \"Last-Modified\": \"%s\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"%s\" }"
                        .formatted(
                                any ? "," : "",
                                new String(JsonStringEncoder.getInstance().quoteAsString(path)),
                                size,
                                TIME.format(changed),
                                // The four bytes as they lie in the memory of a little-endian machine.
                                HexFormat.of().toHexDigits(Integer.reverseBytes(crc32c))));
        any = true;
    }

    /** Ends it with the log that the copy needs. Whoever reads it closes it. */
    InputStream end(int timeline, Lsn start, Lsn stop) throws IOException {
        write("\n],\n\"WAL-Ranges\": [\n{ \"Timeline\": %d, \"Start-LSN\": \"%s\", \"End-LSN\": \"%s\" }\n],\n"
                .formatted(timeline, start, stop));
        String digest = HexFormat.of().formatHex(sha256.digest());
        packing.write("\"Manifest-Checksum\": \"%s\"}\n".formatted(digest).getBytes(StandardCharsets.UTF_8));
        packing.close();
        return new ZstdInputStream(new ByteArrayInputStream(kept.toByteArray()));
    }

    /** Gives up what it needs. Idempotent. */
    @Override
    public void close() throws IOException {
        packing.close();
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update(bytes);
        packing.write(bytes);
    }
}
