package com.cybernance.continuity.testkit;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Seeded chance for property tests. One value serves one run of a property; not thread-safe.
 *
 * <pre>{@code
 * @Test
 * void parse_ofWhatWasPrinted_givesTheSameValue() {
 *     Seeds.check(10_000, seeds -> {
 *         Instant moment = seeds.instant();
 *         assertThat(Instant.parse(moment.toString())).isEqualTo(moment);
 *     });
 * }
 * }</pre>
 *
 * <p>A failure names its seed and run. {@code -Dcontinuity.seed=N} repeats a seed, and with {@code -Dcontinuity.run=M}
 * only that run of it. {@code -Dcontinuity.fraction=F} does one run in F: 1 does them all.
 */
public final class Seeds {
    private static final long FIXED = 20_261_123;
    private static final int DEFAULT_FRACTION = 20;

    /** What breaks parsers, tables and log lines: quotes, separators, controls, halves of pairs, other scripts. */
    private static final int[] HOSTILE =
            "aZ09 \t\r\n\0\u001b\u0085\u2028'\"`\\/;:,.%$#{}[]()<>&|*?!~-_=+@^\u00df\u0130\u0131\u202e\u200b\ufeff\uffff\u4e2d\ud83d\ude00"
                    .codePoints()
                    .toArray();

    private final Random random;
    private final String name;

    private Seeds(Random random, String name) {
        this.random = random;
        this.name = name;
    }

    /** One run of a property. */
    @FunctionalInterface
    public interface Property {
        /** Throws when the property does not hold. */
        void holds(Seeds seeds) throws Throwable;
    }

    /** Chance that is the same for ever for the same seed. */
    public static Seeds of(long seed) {
        return of(seed, 0);
    }

    /** How many of a bar's full number of runs are done now: {@code full / continuity.fraction}, at least one. */
    public static int runs(int full) {
        return Math.max(1, full / Math.max(1, Integer.getInteger("continuity.fraction", DEFAULT_FRACTION)));
    }

    /**
     * Tries the property on a fixed seed and on a fresh one, {@code runs(full)} times in all; on the one seed of
     * {@code -Dcontinuity.seed} where that is given.
     *
     * @throws AssertionError at the first run that fails, saying how to repeat it
     */
    public static void check(int full, Property property) {
        @Nullable Long given = Long.getLong("continuity.seed");
        if (given != null) {
            check(given, runs(full), property);
        } else {
            int half = (runs(full) + 1) / 2;
            check(FIXED, half, property);
            check(new SecureRandom().nextInt() & 0xffff_ffffL, half, property);
        }
    }

    private static void check(long seed, int runs, Property property) {
        System.out.printf("seed %d, %d runs%n", seed, runs);
        @Nullable Integer only = Integer.getInteger("continuity.run");
        if (only != null) {
            checkOne(seed, only, property);
            return;
        }
        for (int run = 1; run <= runs; run++) {
            checkOne(seed, run, property);
        }
    }

    private static void checkOne(long seed, int run, Property property) {
        try {
            property.holds(of(seed, run));
        } catch (Throwable e) { // whatever failed, its seed must be known
            throw new AssertionError(
                    "%s%nseed %d, run %d. Hint: repeat it with -Dcontinuity.seed=%d -Dcontinuity.run=%d"
                            .formatted(e, seed, run, seed, run),
                    e);
        }
    }

    private static Seeds of(long seed, int run) {
        // The odd factor spreads neighbouring runs over all of the generator's states.
        return new Seeds(new Random(seed + run * 0x9E37_79B9_7F4A_7C15L), "seed %d, run %d".formatted(seed, run));
    }

    /** A whole number, both ends inclusive. */
    public int between(int least, int most) {
        return (int) between((long) least, (long) most);
    }

    /** A whole number, both ends inclusive. */
    public long between(long least, long most) {
        if (most < Long.MAX_VALUE) {
            return random.nextLong(least, most + 1);
        }
        return least == Long.MIN_VALUE ? random.nextLong() : random.nextLong(least - 1, most) + 1;
    }

    /** True in about {@code percent} of 100 cases. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** One of the values, all equally likely. */
    public <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** One of the values, all equally likely. */
    @SafeVarargs
    public final <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** 0 to {@code most} values. */
    public <T> List<T> list(int most, Supplier<T> each) {
        return IntStream.range(0, between(0, most)).mapToObj(i -> each.get()).collect(Collectors.toList());
    }

    /** The values in another order. */
    public <T> List<T> shuffled(List<T> values) {
        List<T> copy = new ArrayList<>(values);
        Collections.shuffle(copy, random);
        return copy;
    }

    /** 0 to {@code most} bytes of any value. */
    public byte[] bytes(int most) {
        byte[] bytes = new byte[between(0, most)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A string of 0 to {@code most} characters that somebody might hope never to meet. */
    public String hostile(int most) {
        return IntStream.range(0, between(0, most))
                .map(i -> HOSTILE[random.nextInt(HOSTILE.length)])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A moment of this century, to the nanosecond. */
    public Instant instant() {
        return instant(Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("2099-12-31T23:59:59Z"));
    }

    /** A moment, both ends inclusive. */
    public Instant instant(Instant first, Instant last) {
        return first.plus(duration(Duration.between(first, last)));
    }

    /** A time from zero to {@code most}, inclusive; at most 292 years. */
    public Duration duration(Duration most) {
        return Duration.ofNanos(between(0L, most.toNanos()));
    }

    /** The seed and the run. */
    @Override
    public String toString() {
        return name;
    }
}
