package com.cybernance.continuity.postgres.backup;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Size and checksum of each file that came by, by a hash of its name, so that a million files take some 40 MB. For one
 * thread.
 */
final class FileTable {
    private long[] keys = new long[1 << 12];
    private long[] sizes = new long[keys.length];
    private int[] checksums = new int[keys.length];
    private final BitSet taken = new BitSet();
    private int count;
    private int matched;

    /** What comparing a file with what came by says. */
    enum Match {
        SAME,
        MISSING,
        OTHER_SIZE,
        OTHER_CONTENT,
        TWICE
    }

    /**
     * Adds a file.
     *
     * @return false when it was there already
     */
    boolean add(byte[] name, long size, int checksum) {
        if (2 * count >= keys.length) {
            grow();
        }
        long key = key(name);
        int at = place(key);
        if (keys[at] != 0) {
            return false;
        }
        keys[at] = key;
        sizes[at] = size;
        checksums[at] = checksum;
        count++;
        return true;
    }

    /** Compares a file that should be there, and ticks it off. */
    Match match(byte[] name, long size, int checksum) {
        int at = place(key(name));
        if (keys[at] == 0) {
            return Match.MISSING;
        }
        if (sizes[at] != size) {
            return Match.OTHER_SIZE;
        }
        if (checksums[at] != checksum) {
            return Match.OTHER_CONTENT;
        }
        if (taken.get(at)) {
            return Match.TWICE;
        }
        taken.set(at);
        matched++;
        return Match.SAME;
    }

    int count() {
        return count;
    }

    /** How many were not ticked off. */
    int left() {
        return count - matched;
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int at = (int) key & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        if (!taken.isEmpty()) {
            throw new IllegalStateException("files after the manifest");
        }
        long[] oldKeys = keys;
        long[] oldSizes = sizes;
        int[] oldChecksums = checksums;
        keys = new long[2 * oldKeys.length];
        sizes = Arrays.copyOf(sizes, keys.length);
        checksums = Arrays.copyOf(checksums, keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                sizes[at] = oldSizes[i];
                checksums[at] = oldChecksums[i];
            }
        }
    }

    /** 64 bits, well mixed and never zero: among a million names, two share a key once in some 37 million backups. */
    private static long key(byte[] name) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : name) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }
}
