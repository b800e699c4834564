package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows bytes that are said to be log from a position on. Each page of log begins with its own position, and each
 * segment with its cluster's identifier. When the server goes on to the next segment early, the pages that are left are all
 * zeros: never the first, and none with content behind it. A page whose beginning is not among the bytes cannot be told.
 * For one thread, and one piece, which lies within a segment.
 */
final class LogPages {
    private static final int PAGE = 8192;
    /** How much of the beginning of a page tells where it belongs. */
    static final int HEAD = 40;

    private static final int INFO = 2;
    private static final int LONG_HEAD = 2;
    private static final int POSITION = 8;
    private static final int SYSTEM = 24;

    private final String system;
    private final int segmentSize;
    private final Function<String, ContinuityException> refusal;
    private final byte[] head = new byte[HEAD];
    private int filled;
    private boolean empty;
    private @Nullable Lsn firstEmpty;
    private Lsn at;

    /** @param refusal makes the failure from what is wrong, in words */
    LogPages(String system, int segmentSize, Lsn from, Function<String, ContinuityException> refusal) {
        this.system = system;
        this.segmentSize = segmentSize;
        this.at = from;
        this.refusal = refusal;
    }

    /** How far the bytes have come. */
    Lsn at() {
        return at;
    }

    /** Takes over which page is empty from a piece that begins before this one, if it is of the same segment. */
    void behind(LogPages before) {
        Lsn other = before.firstEmpty;
        if (other != null && other.segmentStart(segmentSize).equals(at.segmentStart(segmentSize))) {
            firstEmpty = other;
        }
    }

    /** The first page that is empty, as all behind it in the segment are; null for none. */
    @Nullable
    Lsn firstEmpty() {
        return firstEmpty;
    }

    void feed(byte[] bytes, int offset, int length) {
        int next = offset;
        int end = offset + length;
        while (next < end) {
            int inPage = (int) (at.value() & PAGE - 1);
            int taken = Math.min((inPage < HEAD ? HEAD : PAGE) - inPage, end - next);
            if (inPage == 0) {
                filled = 0;
                empty = false;
            }
            if (inPage < HEAD && inPage == filled) {
                System.arraycopy(bytes, next, head, filled, taken);
                filled += taken;
                if (filled == HEAD) {
                    judge();
                }
            } else if (empty && !zeros(bytes, next, taken)) {
                throw refusal.apply("the page at %s has no head".formatted(page()));
            }
            at = at.plus(taken);
            next += taken;
        }
    }

    private void judge() {
        empty = zeros(head, 0, HEAD);
        boolean first = page().equals(page().segmentStart(segmentSize));
        if (empty) {
            if (first) {
                throw refusal.apply("the segment at %s begins with an empty page".formatted(page()));
            }
            firstEmpty = firstEmpty == null ? page() : Lsn.earlier(firstEmpty, page());
            return;
        }
        if (firstEmpty != null && page().isAfter(firstEmpty)) {
            throw refusal.apply(
                    "the page at %s is empty, and the one at %s behind it is not".formatted(firstEmpty, page()));
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        Lsn said = new Lsn(fields.getLong(POSITION));
        if (!said.equals(page())) {
            throw refusal.apply("the page at %s says that it is at %s".formatted(page(), said));
        }
        if (!first) {
            return;
        }
        String from = Long.toUnsignedString(fields.getLong(SYSTEM));
        if ((fields.getShort(INFO) & LONG_HEAD) == 0 || !from.equals(system)) {
            throw refusal.apply("the segment at %s is of system %s, expected %s".formatted(page(), from, system));
        }
    }

    private Lsn page() {
        return new Lsn(at.value() & -PAGE);
    }

    private static boolean zeros(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
