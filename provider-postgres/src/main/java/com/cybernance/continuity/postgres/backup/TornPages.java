package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Matcher;

/**
 * Reads a page anew that does not carry its checksum and that replay would not write again: the server may just have been
 * writing it. What stays wrong is left for {@link PageCheck} to tell. Only for clusters with page checksums: without them
 * nobody can see that a page is torn, and none needs to be mended, since replay writes every page again that was changed
 * after the start, whole. What only hints changed is sound however it was torn. For one thread.
 */
final class TornPages {
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Lsn start;
    private final Patience patience;
    private final PageChecksum checksum = new PageChecksum();

    /** @param start where the backup begins; a page that was written after that is repaired by replay */
    TornPages(Lsn start, Patience patience) {
        this.start = start;
        this.patience = patience;
    }

    /**
     * Mends the pages of a part of a relation's file.
     *
     * @param path the file; one that is no relation's is left as it is
     * @param offset where in it the bytes come from, a multiple of a page
     * @param reread reads the page at that offset of the file
     */
    void mend(String path, long offset, byte[] bytes, LongFunction<Optional<byte[]>> reread) {
        Matcher name = PageCheck.RELATION.matcher(path);
        if (!name.matches()) {
            return;
        }
        String segment = name.group(1);
        long block =
                (segment == null ? 0 : Long.parseLong(segment) * PageCheck.PAGES_A_FILE) + offset / PageChecksum.PAGE;
        for (int at = 0; at + PageChecksum.PAGE <= bytes.length; at += PageChecksum.PAGE) {
            for (int tries = 0; tries < TRIES && isTorn(bytes, at, block); tries++) {
                patience.pause(patience.now(), PAUSE);
                byte[] page = reread.apply(offset + at).orElse(new byte[0]);
                // What was cut off meanwhile is as good as never filled: replay cuts it off, too.
                Arrays.fill(bytes, at, at + PageChecksum.PAGE, (byte) 0);
                if (page.length == PageChecksum.PAGE) {
                    System.arraycopy(page, 0, bytes, at, PageChecksum.PAGE);
                }
            }
            block++;
        }
    }

    private boolean isTorn(byte[] bytes, int at, long block) {
        ByteBuffer head = ByteBuffer.wrap(bytes, at, 16).slice().order(ByteOrder.LITTLE_ENDIAN);
        Lsn written = new Lsn((head.getInt(0) & 0xFFFF_FFFFL) << 32 | (head.getInt(4) & 0xFFFF_FFFFL));
        return head.getShort(14) != 0
                && written.isBefore(start)
                && checksum.of(bytes, at, block) != (head.getShort(8) & 0xFFFF);
    }
}
