package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Makes the headers of a tar as PostgreSQL writes it, and as {@link TarHeader} reads it. */
final class TarBlocks {
    private static final int LONGEST_NAME = 99;
    private static final long MOST_IN_OCTAL = 0_77777777777L;

    /** Owner and group by name, as in the archives that the server makes. */
    private static final String OWNER = "postgres";

    private final boolean groupMayRead;

    /** @param groupMayRead whether the data directory is open to the server's group */
    TarBlocks(boolean groupMayRead) {
        this.groupMayRead = groupMayRead;
    }

    byte[] file(String name, long size, Instant changed) {
        return header(name, '0', groupMayRead ? 0640 : 0600, size, changed);
    }

    byte[] directory(String name, Instant changed) {
        return header(name + "/", '5', groupMayRead ? 0750 : 0700, 0, changed);
    }

    /** What fills up content of a length to whole blocks. */
    static byte[] padding(long size) {
        return new byte[(int) (-size & TarHeader.BLOCK - 1)];
    }

    /** What an archive ends with. */
    static byte[] end() {
        return new byte[2 * TarHeader.BLOCK];
    }

    private static byte[] header(String name, char kind, int mode, long size, Instant changed) {
        byte[] block = new byte[TarHeader.BLOCK];
        text(block, 0, name);
        number(block, 100, 8, mode);
        number(block, 108, 8, 0);
        number(block, 116, 8, 0);
        number(block, 124, 12, size);
        number(block, 136, 12, Math.max(0, changed.getEpochSecond()));
        block[156] = (byte) kind;
        text(block, 257, "ustar");
        block[263] = '0';
        block[264] = '0';
        text(block, 265, OWNER);
        text(block, 297, OWNER);
        number(block, 329, 8, 0);
        number(block, 337, 8, 0);
        number(block, 148, 8, sum(block));
        return block;
    }

    private static void text(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_NAME) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "file name too long for tar format: \"%s\"".formatted(text),
                    "move what has a name or place of more than %d bytes out of the data directory"
                            .formatted(LONGEST_NAME));
        }
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** Octal digits; for what they cannot hold, big-endian bytes after a first byte of 0x80. */
    private static void number(byte[] block, int at, int length, long value) {
        if (value > MOST_IN_OCTAL) {
            long left = value;
            for (int i = at + length - 1; i > at; i--) {
                block[i] = (byte) left;
                left >>>= 8;
            }
            block[at] = (byte) 0x80;
            return;
        }
        String digits = Long.toOctalString(value);
        String padded = "0".repeat(length - 1 - digits.length()) + digits;
        System.arraycopy(padded.getBytes(StandardCharsets.US_ASCII), 0, block, at, length - 1);
    }

    /** The sum over the header with its own field read as spaces. */
    private static int sum(byte[] block) {
        int sum = 8 * ' ';
        for (int i = 0; i < block.length; i++) {
            sum += i >= 148 && i < 156 ? 0 : block[i] & 0xff;
        }
        return sum;
    }
}
