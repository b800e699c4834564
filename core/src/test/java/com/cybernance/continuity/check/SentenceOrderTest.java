package com.cybernance.continuity.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SentenceOrderTest {
    private static final long FIXED = 20261123;
    private static final int FULL = 2_000_000;
    private static final List<String> PARTS =
            List.of("", "0", "00", "1", "01", "2", "10", "999999999", "1234567890", "01234567890", "1a", "a", "A");

    @Test
    void order_isAsAReaderCounts_numbersBeforeWords() {
        List<String> sorted = List.of("1", "1.2", "1.9", "1.10", "1.a", "2", "10", "1a", "appendix");
        List<String> mixed = new ArrayList<>(sorted);
        Collections.shuffle(mixed, new Random(FIXED));
        mixed.sort(SentenceOrder.BY_NUMBER);

        assertThat(mixed).isEqualTo(sorted);
    }

    @Test
    void order_ofTwoSpellingsOfANumber_keepsBothApart() {
        TreeSet<String> sentences = new TreeSet<>(SentenceOrder.BY_NUMBER);
        sentences.addAll(List.of("1.1", "1.01", "1.2"));

        assertThat(sentences).containsExactly("1.01", "1.1", "1.2");
    }

    @Test
    void order_ofNumbersAndWords_hasNoCycle() {
        assertThat(broken(SentenceOrder.BY_NUMBER, "2", "10", "1a")).isFalse();
    }

    @Test
    void order_ofRandomTriples_keepsTheLawsOfAnOrder() {
        for (long seed : seeds()) {
            assertThat(firstBroken(SentenceOrder.BY_NUMBER, seed))
                    .as("replay with -Dcontinuity.seed=%d", seed)
                    .isEmpty();
        }
    }

    @Test
    void laws_ofAnOrderThatTakesOnlySomePartsForNumbers_areFoundBroken() {
        Comparator<String> planted = (a, b) -> a.matches("\\d{1,9}") && b.matches("\\d{1,9}")
                ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
                : a.compareTo(b);

        assertThat(firstBroken(planted, FIXED)).isNotEmpty();
    }

    private static List<Long> seeds() {
        Long given = Long.getLong("continuity.seed");
        List<Long> seeds = given != null ? List.of(given) : List.of(FIXED, new Random().nextLong());
        seeds.forEach(seed -> System.out.println("replay with -Dcontinuity.seed=" + seed));
        return seeds;
    }

    /** The first triple that breaks a law; empty if none does. */
    private static List<String> firstBroken(Comparator<String> order, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < Math.max(1, FULL / Integer.getInteger("continuity.fraction", 20)); i++) {
            List<String> triple = List.of(sentence(random), sentence(random), sentence(random));
            if (broken(order, triple.get(0), triple.get(1), triple.get(2))) {
                return triple;
            }
        }
        return List.of();
    }

    private static boolean broken(Comparator<String> order, String a, String b, String c) {
        int ab = Integer.signum(order.compare(a, b));
        int bc = Integer.signum(order.compare(b, c));
        int ac = Integer.signum(order.compare(a, c));
        boolean equalTexts = (ab == 0) == a.equals(b);
        boolean mirrored = ab == -Integer.signum(order.compare(b, a));
        boolean cycle = ab == bc && ac != ab;
        return !equalTexts || !mirrored || cycle;
    }

    private static String sentence(Random random) {
        return random.ints(1L + random.nextInt(3), 0, PARTS.size())
                .mapToObj(PARTS::get)
                .collect(Collectors.joining("."));
    }
}
