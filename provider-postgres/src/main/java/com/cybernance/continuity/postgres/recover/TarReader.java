package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a tar as PostgreSQL writes it: plain headers, names of at most 255 bytes. Anything else is refused, because an
 * archive that is restored as its owner must hold no surprise. For one thread.
 */
final class TarReader {
    private static final int BLOCK = 512;
    private static final long LARGEST = 1L << 50;

    private final InputStream from;
    private final String archive;
    private final byte[] header = new byte[BLOCK];
    private long left;
    private int padding;

    TarReader(InputStream from, String archive) {
        this.from = from;
        this.archive = archive;
    }

    /** What an entry is. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    /**
     * One entry.
     *
     * @param name without a slash at its end
     * @param size of a file in bytes
     * @param leadsTo of a symbolic link; otherwise {@code ""}
     */
    record Entry(String name, Kind kind, long size, String leadsTo) {}

    /** The next entry; empty at the end of the archive, after which nothing but zeros may follow. */
    Optional<Entry> next() throws IOException {
        skip(left + padding);
        left = 0;
        padding = 0;
        fill(header, BLOCK);
        if (isZero(header)) {
            requireZerosToTheEnd();
            return Optional.empty();
        }
        checkSum();
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
        if (!ascii(257, 5).equals("ustar")) {
            throw strange("a header that is not ustar");
        }
        String prefix = ascii(345, 155);
        String name = prefix.isEmpty() ? ascii(0, 100) : prefix + "/" + ascii(0, 100);
        char type = (char) (header[156] & 0xFF);
        Kind kind =
                switch (type) {
                    case '0', 0 -> Kind.FILE;
                    case '5' -> Kind.DIRECTORY;
                    case '2' -> Kind.LINK;
                    default -> throw strange("an entry of type 0x%02x".formatted((int) type));
                };
        // The server names some directories from "./" on.
        String inside = name.startsWith("./") ? name.substring(2) : name;
        String bare = inside.endsWith("/") ? inside.substring(0, inside.length() - 1) : inside;
        if (bare.isEmpty()) {
            throw strange("an entry without a name");
        }
        return new Entry(bare, kind, kind == Kind.FILE ? number(124, 12) : 0, kind == Kind.LINK ? ascii(157, 100) : "");
    }

    private void checkSum() {
        long stated = number(148, 8);
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
        }
        if (sum != stated) {
            throw strange("a header whose checksum is %d instead of %d".formatted(sum, stated));
        }
    }

    private String ascii(int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    /** Octal digits, or big-endian bytes after a first byte of 0x80. */
    private long number(int offset, int length) {
        if ((header[offset] & 0xFF) == 0x80) {
            long value = 0;
            for (int i = offset + 1; i < offset + length; i++) {
                value = (value << 8) | (header[i] & 0xFF);
                if (value > LARGEST) {
                    throw strange("a size beyond all measure");
                }
            }
            return value;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = header[i] - '0';
            if (digit >= 0 && digit < 8) {
                value = (value << 3) | digit;
            } else if (header[i] != ' ' && header[i] != 0) {
                throw strange("a number that is not octal");
            }
        }
        return value;
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
            if (!isZero(Arrays.copyOf(rest, got))) {
                throw strange("something after its end");
            }
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private ContinuityException truncated() {
        return Words.corrupt("the archive %s ends before its end".formatted(archive));
    }

    private ContinuityException strange(String what) {
        return Words.corrupt("the archive %s holds %s".formatted(archive, what));
    }
}
