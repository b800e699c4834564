package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;

/** Follows a tar whose bytes come in pieces of any length, and hands over what is in it. For one thread. */
final class TarParser {
    private static final int BLOCK = TarHeader.BLOCK;

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
        if (TarHeader.isZero(header, BLOCK)) {
            zeroBlocks++;
            return;
        }
        if (zeroBlocks > 0) {
            throw corrupt("something follows its end");
        }
        TarEntry entry = TarHeader.read(header, TarParser::corrupt);
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

    private static ContinuityException corrupt(String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the server sent an archive that cannot be read: " + why,
                "take the backup again; if it fails again, see the server's log");
    }
}
