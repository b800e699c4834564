package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Holds the manifest against the files that came by, while the manifest itself comes by: each is there, once,
 * with its size and checksum, and none is there that the manifest does not name. For one thread.
 */
final class ManifestCheck implements ManifestParser.Reader {
    private static final String OURS = "CRC32C";

    private final FileTable files;
    private final ManifestParser parser = new ManifestParser(this, ManifestCheck::corrupt);

    ManifestCheck(FileTable files) {
        this.files = files;
    }

    void feed(byte[] bytes, int offset, int length) {
        parser.feed(bytes, offset, length);
    }

    /**
     * Compares what is left to compare.
     *
     * @param expectedSystem whose manifest it must be, where it says
     */
    void finish(String expectedSystem) {
        String system = parser.finish();
        if (!system.isEmpty() && !system.equals(expectedSystem)) {
            throw corrupt("it is of system %s, expected %s".formatted(system, expectedSystem));
        }
        if (files.left() > 0) {
            throw corrupt("%d of %d files came that it does not name".formatted(files.left(), files.count()));
        }
    }

    @Override
    public void file(byte[] path, long size, String algorithm, String checksum) {
        String name = new String(path, StandardCharsets.UTF_8);
        if (!algorithm.equals(OURS)) {
            throw corrupt("file %s has a checksum of kind '%s', expected %s".formatted(name, algorithm, OURS));
        }
        // The four bytes as they lie in the memory of a little-endian machine.
        switch (files.match(path, size, Integer.reverseBytes(HexFormat.fromHexDigits(checksum)))) {
            case SAME -> {}
            case MISSING -> throw corrupt("file %s did not come".formatted(name));
            case OTHER_SIZE -> throw corrupt("file %s came with another size than %d".formatted(name, size));
            case OTHER_CONTENT -> throw corrupt("file %s came with another content".formatted(name));
            case TWICE -> throw corrupt("file %s is named twice".formatted(name));
        }
    }

    /** The backup's own record says it as well. */
    @Override
    public void range(int timeline, Lsn start, Lsn end) {}

    private static ContinuityException corrupt(String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the files that came from the server do not agree with the manifest: " + why,
                "take the backup again; if it fails again, look for a broken network or memory");
    }
}
