package com.cybernance.continuity.postgres.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Packs the files of a server into archives as the server itself would send them, and names each in the manifest. What
 * vanishes meanwhile is left out, and what is cut is filled with zeros: replay makes both good. For one thread.
 */
final class SqlArchives {
    private final BaseStream into;
    private final SqlFile files;
    private final @Nullable TornPages torn;
    private final TarBlocks blocks;
    private final OwnManifest manifest;
    private final Between between;
    private String cut = "";

    /** @param torn null where pages carry no checksum */
    SqlArchives(
            BaseStream into,
            SqlFile files,
            @Nullable TornPages torn,
            TarBlocks blocks,
            OwnManifest manifest,
            Between between) {
        this.into = into;
        this.files = files;
        this.torn = torn;
        this.blocks = blocks;
        this.manifest = manifest;
        this.between = between;
    }

    /** What is to be done between two reads. */
    @FunctionalInterface
    interface Between {
        /**
         * Is called after each.
         *
         * @param bytes how many it brought
         */
        void read(long bytes) throws IOException;
    }

    /**
     * Begins an archive.
     *
     * @param name as the server names it
     * @param below what is cut off the paths in it; {@code ""} or with a slash at its end
     */
    void begin(String name, String below) throws IOException {
        cut = below;
        piece('n', (name + "\0").getBytes(StandardCharsets.UTF_8));
    }

    void end() throws IOException {
        data(TarBlocks.end());
    }

    void directory(String path, Instant changed) throws IOException {
        data(blocks.directory(inside(path), changed));
    }

    /** Adds a file whose content is known. */
    void file(String path, byte[] content, Instant changed) throws IOException {
        data(blocks.file(inside(path), content.length, changed));
        data(content);
        data(TarBlocks.padding(content.length));
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        manifest.add(path, content.length, changed, (int) checksum.getValue());
    }

    /** Adds a file of the server, up to the length that it had when it was seen. */
    void file(String path, long size, Instant changed) throws IOException {
        Optional<byte[]> first = part(path, 0, size);
        if (first.isEmpty()) {
            return;
        }
        data(blocks.file(inside(path), size, changed));
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < size; at += SqlFile.CHUNK) {
            byte[] part = at == 0 ? first.get() : part(path, at, size).orElseGet(() -> new byte[0]);
            byte[] whole = Arrays.copyOf(part, (int) Math.min(SqlFile.CHUNK, size - at));
            checksum.update(whole);
            data(whole);
        }
        data(TarBlocks.padding(size));
        manifest.add(path, size, changed, (int) checksum.getValue());
    }

    /** Hands over the manifest, once all archives ended. */
    void manifest(InputStream whole) throws IOException {
        piece('m', new byte[0]);
        byte[] bytes = new byte[1 << 16];
        for (int got = whole.read(bytes); got >= 0; got = whole.read(bytes)) {
            data(Arrays.copyOf(bytes, got));
        }
    }

    /** Empty when the file is gone; without a last half page where it was just cut. */
    private Optional<byte[]> part(String path, long at, long size) throws IOException {
        int length = (int) Math.min(SqlFile.CHUNK, size - at);
        if (length == 0) {
            // Nothing is to be read, and what is no plain file might never answer.
            return Optional.of(new byte[0]);
        }
        Optional<byte[]> read = files.read(path, at, length);
        between.read(read.map(bytes -> (long) bytes.length).orElse(0L));
        return read.map(bytes -> {
            byte[] pages =
                    bytes.length < length && PageCheck.RELATION.matcher(path).matches()
                            ? Arrays.copyOf(bytes, bytes.length - bytes.length % PageChecksum.PAGE)
                            : bytes;
            if (torn != null) {
                torn.mend(path, at, pages, offset -> files.read(path, offset, PageChecksum.PAGE));
            }
            return pages;
        });
    }

    private String inside(String path) {
        return path.substring(cut.length());
    }

    private void data(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            piece('d', bytes);
        }
    }

    private void piece(char kind, byte[] bytes) throws IOException {
        into.piece(ByteBuffer.allocate(1 + bytes.length)
                .put((byte) kind)
                .put(bytes)
                .flip());
    }
}
