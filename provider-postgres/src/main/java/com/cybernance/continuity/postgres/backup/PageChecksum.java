package com.cybernance.continuity.postgres.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum of a page of 8 KiB, as the server computes it: 32 sums of the FNV kind side by side, folded, mixed with
 * the block's number and brought to 1 to 65535. For one thread.
 */
final class PageChecksum {
    static final int PAGE = 8192;

    private static final int LANES = 32;
    private static final int TOGETHER = 8;
    private static final int WORDS = PAGE / 4;
    private static final int PRIME = 16_777_619;
    /** The word that holds the checksum in its lower half; it counts as zero. */
    private static final int CHECKSUM_WORD = 2;

    private static final int[] OFFSETS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private final int[] words = new int[WORDS];

    /**
     * Computes the checksum of one page.
     *
     * @param block the page's number in its relation, over all of the relation's files
     */
    int of(byte[] bytes, int offset, long block) {
        ByteBuffer.wrap(bytes, offset, PAGE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(words);
        words[CHECKSUM_WORD] &= 0xFFFF0000;
        int folded = 0;
        for (int lane = 0; lane < LANES; lane += TOGETHER) {
            folded ^= sums(lane);
        }
        return Integer.remainderUnsigned(folded ^ (int) block, 65_535) + 1;
    }

    /** Eight neighbouring sums over the page and two rows of zeros, folded: as many as a processor has registers for. */
    private int sums(int lane) {
        int a = OFFSETS[lane];
        int b = OFFSETS[lane + 1];
        int c = OFFSETS[lane + 2];
        int d = OFFSETS[lane + 3];
        int e = OFFSETS[lane + 4];
        int f = OFFSETS[lane + 5];
        int g = OFFSETS[lane + 6];
        int h = OFFSETS[lane + 7];
        for (int at = lane; at < WORDS; at += LANES) {
            a = mix(a, words[at]);
            b = mix(b, words[at + 1]);
            c = mix(c, words[at + 2]);
            d = mix(d, words[at + 3]);
            e = mix(e, words[at + 4]);
            f = mix(f, words[at + 5]);
            g = mix(g, words[at + 6]);
            h = mix(h, words[at + 7]);
        }
        return end(a) ^ end(b) ^ end(c) ^ end(d) ^ end(e) ^ end(f) ^ end(g) ^ end(h);
    }

    private static int end(int sum) {
        return mix(mix(sum, 0), 0);
    }

    private static int mix(int sum, int word) {
        int mixed = sum ^ word;
        return mixed * PRIME ^ mixed >>> 17;
    }
}
