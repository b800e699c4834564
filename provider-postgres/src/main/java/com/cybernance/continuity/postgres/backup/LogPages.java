package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;

/**
 * Follows bytes that are said to be log from a position on. Each page of log begins with its own position, and each
 * segment with its cluster's identifier; a page that was left empty when the server went on to the next segment is all
 * zeros. A page whose beginning is not among the bytes cannot be told. For one thread.
 */
final class LogPages {
    private static final int PAGE = 8192;
    private static final int HEAD = 40;
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
        if (empty) {
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        Lsn said = new Lsn(fields.getLong(POSITION));
        if (!said.equals(page())) {
            throw refusal.apply("the page at %s says that it is at %s".formatted(page(), said));
        }
        if (!page().equals(page().segmentStart(segmentSize))) {
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
