package com.cybernance.continuity.restore;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Seeded chance: a fixed seed and a fresh one, or the one to replay; a twentieth of the runs unless the bar is asked. */
final class Chance {
    private static final long FIXED = 20_261_125;

    private final Random random;

    private Chance(long seed) {
        random = new Random(seed);
    }

    static int runs(int full) {
        return Math.max(2, full / Integer.getInteger("continuity.fraction", 20));
    }

    /** Tries the property on many worlds and names the seed of the one in which it does not hold. */
    static void check(int full, Consumer<Chance> property) {
        Long given = Long.getLong("continuity.seed");
        if (given != null) {
            property.accept(new Chance(given));
            return;
        }
        long fresh = System.nanoTime();
        System.out.println("seeds from " + FIXED + " and from " + fresh + ", " + runs(full) + " runs");
        for (int run = 0; run < runs(full); run++) {
            long seed = (run % 2 == 0 ? FIXED : fresh) + run;
            try {
                property.accept(new Chance(seed));
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("replay with -Dcontinuity.seed=" + seed + ": " + failed.getMessage(), failed);
            }
        }
    }

    /** Both ends inclusive. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean percent(int share) {
        return random.nextInt(100) < share;
    }

    <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    Random random() {
        return random;
    }
}
