package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Looks at the files of all archives as they pass: their checksums, their pages, and the few that are read here. */
final class Archive implements TarParser.Listener {
    static final String CONTROL = "global/pg_control";
    static final String LABEL = "backup_label";

    private static final int MOST_KEPT = 64 * 1024;

    private final FileTable files;
    private final @Nullable PageCheck pages;
    private final Map<String, byte[]> kept = new HashMap<>();
    private final CRC32C checksum = new CRC32C();
    private byte[] prefix = new byte[0];
    private @Nullable TarEntry entry;
    private byte[] path = prefix;
    private @Nullable ByteArrayOutputStream keeping;

    /** @param pages null when the cluster's pages carry no checksums */
    Archive(FileTable files, @Nullable PageCheck pages) {
        this.files = files;
        this.pages = pages;
    }

    /** The archive that begins now holds what lies under this directory; {@code ""} for the data directory. */
    void under(String directory) {
        prefix = directory.getBytes(StandardCharsets.UTF_8);
    }

    /** One of the files that are read here; empty when it did not come by. */
    Optional<byte[]> kept(String name) {
        return Optional.ofNullable(kept.get(name));
    }

    @Override
    public void begin(TarEntry begun) {
        entry = begun;
        path = Arrays.copyOf(prefix, prefix.length + begun.raw().length);
        System.arraycopy(begun.raw(), 0, path, prefix.length, begun.raw().length);
        checksum.reset();
        keeping = null;
        if (begun.kind() == TarEntry.Kind.FILE) {
            String name = new String(path, StandardCharsets.UTF_8);
            if (name.equals(CONTROL) || name.equals(LABEL)) {
                keeping = new ByteArrayOutputStream();
            }
            if (pages != null) {
                pages.begin(name);
            }
        }
    }

    @Override
    public void content(byte[] bytes, int offset, int length) {
        checksum.update(bytes, offset, length);
        if (pages != null) {
            pages.update(bytes, offset, length);
        }
        if (keeping != null && keeping.size() + length <= MOST_KEPT) {
            keeping.write(bytes, offset, length);
        }
    }

    @Override
    public void end() {
        TarEntry ended = entry;
        if (ended == null || ended.kind() != TarEntry.Kind.FILE) {
            return;
        }
        if (!files.add(path, ended.size(), (int) checksum.getValue())) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "the server sent file %s twice".formatted(new String(path, StandardCharsets.UTF_8)),
                    "take the backup again");
        }
        if (keeping != null) {
            kept.put(new String(path, StandardCharsets.UTF_8), keeping.toByteArray());
        }
    }
}
