package com.cybernance.continuity.postgres.backup;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A manifest ends in a line with the digest of all lines before it, so the last line is held back. For one thread. */
final class ManifestDigest {
    private final MessageDigest sha256;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean endsInNewline;

    ManifestDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void update(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            // The end of a line is not yet that of the last one while anything follows.
            if (endsInNewline && line.size() > 0) {
                sha256.update(line.toByteArray());
                line.reset();
                endsInNewline = false;
                from = i;
            }
            if (bytes[i] == '\n') {
                line.write(bytes, from, i + 1 - from);
                from = i + 1;
                endsInNewline = true;
            }
        }
        if (from < offset + length) {
            line.write(bytes, from, offset + length - from);
        }
    }

    String lastLine() {
        return line.toString(StandardCharsets.UTF_8);
    }

    /** In lower-case hex. Ends the digest. */
    String ofAllButTheLastLine() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
