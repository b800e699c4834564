package com.cybernance.continuity.internal.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A file of a {@link SimulatedDisk}: what programs see, what is durable, and the changes between. */
public final class SimulatedFile {
    private static final int SECTOR = 512;

    /** What programs see; a test may change it in place. */
    @SuppressWarnings("MutablePublicArray")
    public byte[] bytes = new byte[0];

    private byte[] durable = new byte[0];
    private final List<Change> pending = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Change(long position, byte @Nullable [] bytes) {}

    void write(byte[] data, int at) {
        bytes = put(bytes, data, at, 0, data.length);
        pending.add(new Change(at, data));
    }

    void truncate(int size) {
        bytes = Arrays.copyOf(bytes, size);
        pending.add(new Change(size, null));
    }

    void force() {
        durable = bytes;
        bytes = bytes.clone();
        pending.clear();
    }

    /** A force that failed: some of it was written, and nobody will write the rest. */
    void forget(Random random) {
        durable = left(random, 2);
        pending.clear();
    }

    private static byte[] put(byte[] into, byte[] data, int at, int from, int to) {
        byte[] grown = into.length >= at + to ? into : Arrays.copyOf(into, at + to);
        System.arraycopy(data, from, grown, at + from, to - from);
        return grown;
    }

    /** The same file after a failure of power. */
    SimulatedFile afterCrash(Random random, int mood) {
        SimulatedFile copy = new SimulatedFile();
        copy.durable = left(random, mood);
        copy.bytes = copy.durable.clone();
        return copy;
    }

    private byte[] left(Random random, int mood) {
        if (mood == 1) {
            return bytes.clone();
        }
        if (pending.isEmpty() || mood == 0) {
            return durable.clone();
        }
        byte[] left = durable.clone();
        for (Change change : pending) {
            byte[] data = change.bytes;
            if (data == null) {
                left = random.nextBoolean() ? Arrays.copyOf(left, (int) change.position) : left;
            } else {
                left = torn(left, data, (int) change.position, random, mood);
            }
        }
        return left;
    }

    private byte[] torn(byte[] left, byte[] data, int at, Random random, int mood) {
        byte[] result = left;
        int from = 0;
        while (from < data.length) {
            int to = Math.min(data.length, from + SECTOR - (at + from) % SECTOR);
            int fate = random.nextInt(4);
            if (fate <= 1) {
                result = put(result, data, at, from, to);
            } else if (fate == 2 && mood == 3) {
                // The length was written, the data was not: zeros where there was nothing before.
                result = result.length >= at + to ? result : Arrays.copyOf(result, at + to);
            }
            from = to;
        }
        if (mood == 4 && result.length > durable.length) {
            int cut = durable.length + random.nextInt(result.length - durable.length + 1);
            result = Arrays.copyOf(result, cut);
        }
        return result;
    }
}
