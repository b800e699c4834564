package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the pages of relations as they pass. A page that was written after the backup began may be torn, and replay
 * repairs it, so it is let pass; the server has read a page that looked torn once more before it sent it. A page that was
 * never filled has no checksum.
 */
public final class PageCheck {
    static final Pattern RELATION = Pattern.compile(
            "(?:global|base/[0-9]+|pg_tblspc/[0-9]+/PG_[0-9]+_[0-9]+/[0-9]+)/[0-9]+(?:_(?:fsm|vm|init))?(?:\\.([0-9]+))?");
    static final int PAGES_A_FILE = 131_072;
    private static final int MOST_NAMED = 10;

    private final Lsn start;
    private final PageChecksum checksum = new PageChecksum();
    private final byte[] partial = new byte[PageChecksum.PAGE];
    private final List<String> broken = new ArrayList<>();
    private String file = "";
    private boolean relation;
    private long block;
    private long firstBlock;
    private int filled;
    private long checked;
    private long wrong;
    private Lsn latest = Lsn.ZERO;
    private String suspect = "";

    /**
     * For one copy.
     *
     * @param start where the backup begins; pages from there on are let pass
     */
    public PageCheck(Lsn start) {
        this.start = start;
    }

    /** What comes now is this file, by its path in the data directory. */
    public void begin(String path) {
        Matcher name = RELATION.matcher(path);
        file = path;
        relation = name.matches();
        filled = 0;
        String segment = relation ? name.group(1) : null;
        firstBlock = segment == null ? 0 : Long.parseLong(segment) * PAGES_A_FILE;
        block = firstBlock;
    }

    /** More of that file. */
    public void update(byte[] bytes, int offset, int length) {
        if (!relation) {
            return;
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (filled == 0 && end - at >= PageChecksum.PAGE) {
                check(bytes, at);
                at += PageChecksum.PAGE;
            } else {
                int taken = Math.min(PageChecksum.PAGE - filled, end - at);
                System.arraycopy(bytes, at, partial, filled, taken);
                filled += taken;
                at += taken;
                if (filled == PageChecksum.PAGE) {
                    check(partial, 0);
                    filled = 0;
                }
            }
        }
    }

    /**
     * Judges what was let pass, once it is known where the backup ended. A page carries a position of log that was durable
     * before it was written, so one from behind the end was not torn: it is damaged, and no replay repairs it. Of several
     * such pages one is told.
     */
    public void end(Lsn stop) {
        if (latest.isAfter(stop)) {
            report("%s, and is from %s, behind the end of the backup at %s".formatted(suspect, latest, stop));
        }
    }

    /** How many pages were looked at. */
    public long checked() {
        return checked;
    }

    /** How many of them do not carry their checksum. */
    public long wrong() {
        return wrong;
    }

    /** The first of those, by file and block. */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    private void check(byte[] bytes, int offset) {
        ByteBuffer head = ByteBuffer.wrap(bytes, offset, 16).slice().order(ByteOrder.LITTLE_ENDIAN);
        boolean neverFilled = head.getShort(14) == 0;
        Lsn written = new Lsn((head.getInt(0) & 0xFFFF_FFFFL) << 32 | (head.getInt(4) & 0xFFFF_FFFFL));
        boolean older = written.isBefore(start);
        checked += !neverFilled && older ? 1 : 0;
        if (!neverFilled && (older || written.isAfter(latest))) {
            int expected = head.getShort(8) & 0xFFFF;
            int actual = checksum.of(bytes, offset, block);
            if (actual != expected) {
                String what = "%s block %d carries checksum %d, its content has %d"
                        .formatted(file, block - firstBlock, expected, actual);
                if (older) {
                    report(what);
                } else {
                    latest = written;
                    suspect = what;
                }
            }
        }
        block++;
    }

    private void report(String what) {
        wrong++;
        if (broken.size() < MOST_NAMED) {
            broken.add(what);
        }
    }
}
