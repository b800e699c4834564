package com.cybernance.continuity.policy;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Where the random tests get their seeds from, and how much of them runs. */
final class Seeds {
    private static final long FIXED = 20261123;

    private Seeds() {}

    /** A fixed seed and a fresh one, printed; only {@code -Dcontinuity.seed} when it is given. */
    static LongStream stream() {
        Long given = Long.getLong("continuity.seed");
        LongStream seeds = given != null ? LongStream.of(given) : LongStream.of(FIXED, new Random().nextLong());
        return seeds.peek(seed -> System.out.println("replay with -Dcontinuity.seed=" + seed));
    }

    static RandomGenerator random(long seed) {
        return new Random(seed);
    }

    /** The part of a full figure that runs in each build. */
    static int share(int full) {
        return Math.max(1, full / Integer.getInteger("continuity.fraction", 20));
    }
}
