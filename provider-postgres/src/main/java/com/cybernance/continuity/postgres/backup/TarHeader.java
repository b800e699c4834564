package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Reads the headers of a tar as PostgreSQL writes it: files, directories and symbolic links, names of at most 255 bytes.
 * Anything else is refused, because an archive that is restored as its owner must hold no surprise.
 */
public final class TarHeader {
    /** A header has so many bytes, and content is filled up to a multiple of them. */
    public static final int BLOCK = 512;

    private static final long LARGEST = 1L << 50;

    private final byte[] block;
    private final Function<String, ContinuityException> refusal;

    private TarHeader(byte[] block, Function<String, ContinuityException> refusal) {
        this.block = block;
        this.refusal = refusal;
    }

    /**
     * What a header says.
     *
     * @param block {@link #BLOCK} bytes that are not all zero
     * @param refusal makes the failure from what is wrong, in words
     */
    public static TarEntry read(byte[] block, Function<String, ContinuityException> refusal) {
        return new TarHeader(block, refusal).entry();
    }

    /** Whether it is the kind of block that an archive ends with. */
    public static boolean isZero(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private TarEntry entry() {
        long stated = number(148, 8);
        if (stated != sum()) {
            throw refusal.apply("a header does not carry its checksum");
        }
        if (!Arrays.equals(text(257, 5), new byte[] {'u', 's', 't', 'a', 'r'})) {
            throw refusal.apply("a header that is not ustar");
        }
        TarEntry.Kind kind = kind();
        TarEntry entry = new TarEntry(name(), kind, number(124, 12), text(157, 100));
        if (kind != TarEntry.Kind.FILE && entry.size() > 0) {
            throw refusal.apply("entry %s has a size of %d".formatted(entry.name(), entry.size()));
        }
        return entry;
    }

    private TarEntry.Kind kind() {
        return switch (block[156]) {
            case 0, '0' -> TarEntry.Kind.FILE;
            case '5' -> TarEntry.Kind.DIRECTORY;
            case '2' -> TarEntry.Kind.LINK;
            default -> throw refusal.apply("an entry of type 0x%02x".formatted(block[156] & 0xff));
        };
    }

    private byte[] name() {
        byte[] name = text(0, 100);
        byte[] prefix = text(345, 155);
        if (prefix.length == 0) {
            return name;
        }
        byte[] both = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        both[prefix.length] = '/';
        System.arraycopy(name, 0, both, prefix.length + 1, name.length);
        return both;
    }

    private byte[] text(int from, int most) {
        int end = from;
        while (end < from + most && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, from, end);
    }

    /** Octal digits, or, for what they cannot hold, big-endian bytes after a first byte of 0x80. */
    private long number(int from, int length) {
        boolean binary = (block[from] & 0xff) == 0x80;
        long value = 0;
        for (int i = binary ? from + 1 : from; i < from + length; i++) {
            if (binary) {
                value = value << 8 | (block[i] & 0xff);
            } else if (block[i] >= '0' && block[i] <= '7') {
                value = value << 3 | block[i] - '0';
            } else if (block[i] != ' ' && block[i] != 0) {
                throw refusal.apply("a number that is none");
            }
            if (value > LARGEST) {
                throw refusal.apply("a size beyond all measure");
            }
        }
        return value;
    }

    /** The sum over the header with its own field read as spaces. */
    private long sum() {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        return sum;
    }
}
