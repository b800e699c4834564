package com.cybernance.continuity.postgres.layout;

import java.util.HexFormat;
import java.util.Locale;

/**
 * A position in the log of a cluster: the number of bytes before it.
 *
 * @param value the position; to be read as unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {
    public static final Lsn ZERO = new Lsn(0);

    /** Reads the server's notation, such as {@code 0/3000028}. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
            throw new IllegalArgumentException("'%s' is no log position; expected two hex numbers as in 0/3000028"
                    .formatted(text.substring(0, Math.min(40, text.length()))));
        }
        long high = Long.parseLong(text, 0, slash, 16);
        long low = Long.parseLong(text, slash + 1, text.length(), 16);
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("'%s' is no log position".formatted(text));
        }
        return new Lsn(high << 32 | low);
    }

    /** Reads 16 hex digits, as object names have them. */
    public static Lsn ofHex(String digits) {
        if (digits.length() != 16) {
            throw new IllegalArgumentException("a log position of %d digits instead of 16".formatted(digits.length()));
        }
        return new Lsn(HexFormat.fromHexDigitsToLong(digits));
    }

    /** 16 lower-case hex digits, which sort as positions do. */
    public String hex() {
        return HexFormat.of().toHexDigits(value);
    }

    public Lsn plus(long bytes) {
        return new Lsn(value + bytes);
    }

    /** How many bytes lie between an earlier position and this one. */
    public long minus(Lsn earlier) {
        return value - earlier.value;
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    public static Lsn earlier(Lsn one, Lsn other) {
        return one.isBefore(other) ? one : other;
    }

    public static Lsn later(Lsn one, Lsn other) {
        return one.isAfter(other) ? one : other;
    }

    /** The start of the segment that holds the byte at this position. */
    public Lsn segmentStart(int segmentSize) {
        return new Lsn(value & -segmentSize);
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** As the server writes it. */
    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }
}
