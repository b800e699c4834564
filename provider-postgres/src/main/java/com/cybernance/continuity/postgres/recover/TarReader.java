package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.backup.TarEntry;
import com.cybernance.continuity.postgres.backup.TarHeader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a tar as PostgreSQL writes it: plain headers, names of at most 255 bytes. Anything else is refused, because an
 * archive that is restored as its owner must hold no surprise. For one thread.
 */
final class TarReader {
    private static final int BLOCK = TarHeader.BLOCK;

    private final InputStream from;
    private final String archive;
    private final byte[] header = new byte[BLOCK];
    private long left;
    private int padding;

    TarReader(InputStream from, String archive) {
        this.from = from;
        this.archive = archive;
    }

    /**
     * One entry.
     *
     * @param name without a slash at its end
     * @param size of a file in bytes
     * @param leadsTo of a symbolic link; otherwise {@code ""}
     */
    record Entry(String name, TarEntry.Kind kind, long size, String leadsTo) {}

    /** The next entry; empty at the end of the archive, after which nothing but zeros may follow. */
    Optional<Entry> next() throws IOException {
        skip(left + padding);
        left = 0;
        padding = 0;
        fill(header, BLOCK);
        if (TarHeader.isZero(header, BLOCK)) {
            requireZerosToTheEnd();
            return Optional.empty();
        }
        Entry entry = entry();
        left = entry.size();
        padding = (int) (-left & (BLOCK - 1));
        return Optional.of(entry);
    }

    /** Reads content of the current file; -1 at its end. */
    int read(byte[] into) throws IOException {
        if (left == 0) {
            return -1;
        }
        int got = from.read(into, 0, (int) Math.min(into.length, left));
        if (got < 0) {
            throw truncated();
        }
        left -= got;
        return got;
    }

    private Entry entry() {
        TarEntry said = TarHeader.read(header, this::strange);
        String name = utf8(said.raw());
        // The server names some directories from "./" on.
        String inside = name.startsWith("./") ? name.substring(2) : name;
        String bare = inside.endsWith("/") ? inside.substring(0, inside.length() - 1) : inside;
        if (bare.isEmpty()) {
            throw strange("an entry without a name");
        }
        return new Entry(bare, said.kind(), said.size(), said.kind() == TarEntry.Kind.LINK ? utf8(said.to()) : "");
    }

    private String utf8(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            throw strange("a name that is no UTF-8");
        }
        return text;
    }

    private void skip(long bytes) throws IOException {
        try {
            from.skipNBytes(bytes);
        } catch (EOFException e) {
            throw truncated();
        }
    }

    private void fill(byte[] block, int size) throws IOException {
        if (from.readNBytes(block, 0, size) < size) {
            throw truncated();
        }
    }

    private void requireZerosToTheEnd() throws IOException {
        byte[] rest = new byte[1 << 16];
        for (int got = from.read(rest); got >= 0; got = from.read(rest)) {
            if (!TarHeader.isZero(rest, got)) {
                throw strange("something after its end");
            }
        }
    }

    private ContinuityException truncated() {
        return Words.corrupt("the archive %s ends before its end".formatted(archive));
    }

    private ContinuityException strange(String what) {
        return Words.corrupt("the archive %s holds %s".formatted(archive, what));
    }
}
