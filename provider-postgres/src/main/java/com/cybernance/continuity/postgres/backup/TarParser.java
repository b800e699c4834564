package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.util.Arrays;

/** Follows a tar whose bytes come in pieces of any length, and hands over what is in it. For one thread. */
final class TarParser {
    private static final int BLOCK = 512;

    private final Listener listener;
    private final byte[] header = new byte[BLOCK];
    private int filled;
    private long content;
    private int padding;
    private int zeroBlocks;
    private boolean inside;

    TarParser(Listener listener) {
        this.listener = listener;
    }

    /** Who wants to know what is in the tar. */
    interface Listener {
        void begin(TarEntry entry);

        /** More of the content of the entry that began. */
        void content(byte[] bytes, int offset, int length);

        void end();
    }

    void feed(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (content > 0) {
                int taken = (int) Math.min(content, end - at);
                listener.content(bytes, at, taken);
                content -= taken;
                at += taken;
                endIfWhole();
            } else if (padding > 0) {
                int skipped = Math.min(padding, end - at);
                padding -= skipped;
                at += skipped;
            } else {
                int taken = Math.min(BLOCK - filled, end - at);
                System.arraycopy(bytes, at, header, filled, taken);
                filled += taken;
                at += taken;
                if (filled == BLOCK) {
                    filled = 0;
                    block();
                }
            }
        }
    }

    /** Refuses an archive that was cut. */
    void finish() {
        if (zeroBlocks < 2 || content > 0 || padding > 0 || filled > 0) {
            throw corrupt("it ends in the middle");
        }
    }

    private void block() {
        if (isZero(header)) {
            zeroBlocks++;
            return;
        }
        if (zeroBlocks > 0) {
            throw corrupt("something follows its end");
        }
        if (number(148, 8) != sum()) {
            throw corrupt("a header does not carry its checksum");
        }
        TarEntry entry = new TarEntry(name(), kind(), number(124, 12));
        if (entry.size() < 0 || (entry.kind() != TarEntry.Kind.FILE && entry.size() > 0)) {
            throw corrupt("entry %s has a size of %d".formatted(entry.name(), entry.size()));
        }
        content = entry.size();
        padding = (int) (-content & BLOCK - 1);
        inside = true;
        listener.begin(entry);
        endIfWhole();
    }

    private void endIfWhole() {
        if (inside && content == 0) {
            inside = false;
            listener.end();
        }
    }

    private TarEntry.Kind kind() {
        return switch (header[156]) {
            case 0, '0' -> TarEntry.Kind.FILE;
            case '5' -> TarEntry.Kind.DIRECTORY;
            case '2' -> TarEntry.Kind.LINK;
            default -> throw corrupt("an entry of type '%s'".formatted((char) header[156]));
        };
    }

    private byte[] name() {
        byte[] name = text(0, 100);
        byte[] prefix = header[257] == 'u' ? text(345, 155) : new byte[0];
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
        while (end < from + most && header[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(header, from, end);
    }

    /** Octal digits, or, for what they cannot hold, a set first bit and a binary number. */
    private long number(int from, int length) {
        long value = 0;
        if ((header[from] & 0x80) != 0) {
            for (int i = from + length - 8; i < from + length; i++) {
                value = value << 8 | (header[i] & 0xff);
            }
            return value;
        }
        for (int i = from; i < from + length; i++) {
            if (header[i] >= '0' && header[i] <= '7') {
                value = value << 3 | header[i] - '0';
            } else if (header[i] != ' ' && header[i] != 0) {
                throw corrupt("a number that is none");
            }
        }
        return value;
    }

    /** The sum over the header with its own field read as spaces. */
    private long sum() {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum;
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static ContinuityException corrupt(String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the server sent an archive that cannot be read: " + why,
                "take the backup again; if it fails again, see the server's log");
    }
}
