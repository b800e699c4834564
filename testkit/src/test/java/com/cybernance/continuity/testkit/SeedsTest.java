package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedsTest {
    private static final List<String> PROPERTIES = List.of("continuity.seed", "continuity.run", "continuity.fraction");
    private static final Pattern HOW_TO_REPEAT = Pattern.compile("-Dcontinuity.seed=(\\d+) -Dcontinuity.run=(\\d+)");

    private final List<String> before = new ArrayList<>();

    @BeforeEach
    void keepProperties() {
        PROPERTIES.forEach(name -> before.add(System.getProperty(name, "")));
        PROPERTIES.forEach(System::clearProperty);
    }

    @AfterEach
    void restoreProperties() {
        for (int i = 0; i < PROPERTIES.size(); i++) {
            if (before.get(i).isEmpty()) {
                System.clearProperty(PROPERTIES.get(i));
            } else {
                System.setProperty(PROPERTIES.get(i), before.get(i));
            }
        }
    }

    @Test
    void runs_areTheFullFigureOverTheFraction_atLeastOne() {
        assertThat(Seeds.runs(1000)).isEqualTo(50);
        System.setProperty("continuity.fraction", "1");
        assertThat(Seeds.runs(1000)).isEqualTo(1000);
        System.setProperty("continuity.fraction", "5000");
        assertThat(Seeds.runs(1000)).isEqualTo(1);
    }

    @Test
    void check_findsAPlantedBug_andItsMessageRepeatsItExactly() {
        List<String> failing = new ArrayList<>();
        Seeds.Property sumsNeverOverflow = seeds -> {
            int a = seeds.between(0, Integer.MAX_VALUE);
            int b = seeds.between(0, Integer.MAX_VALUE);
            if (a + b < 0) {
                failing.add(a + " + " + b);
                throw new IllegalStateException("overflow");
            }
        };

        String message =
                catchThrowable(() -> Seeds.check(1000, sumsNeverOverflow)).getMessage();
        assertThat(message).contains("overflow").containsPattern("seed \\d+, run \\d+");
        Matcher how = HOW_TO_REPEAT.matcher(message);
        assertThat(how.find()).isTrue();
        System.setProperty("continuity.seed", how.group(1));
        System.setProperty("continuity.run", how.group(2));
        assertThatThrownBy(() -> Seeds.check(1000, sumsNeverOverflow)).isInstanceOf(AssertionError.class);

        assertThat(failing).hasSize(2);
        assertThat(failing.get(1)).isEqualTo(failing.get(0));
    }

    @Test
    void check_printsItsSeeds_aFixedOneAndAFreshOne() {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            Seeds.check(200, seeds -> {});
        } finally {
            System.setOut(out);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.matches("seed \\d+, 5 runs"))
                .doesNotHaveDuplicates();
    }

    @Test
    void check_countsEveryRun_withChanceOfItsOwn() {
        Set<Long> drawn = new HashSet<>();

        Seeds.check(2000, seeds -> drawn.add(seeds.between(Long.MIN_VALUE, Long.MAX_VALUE)));

        assertThat(drawn).hasSize(100);
    }

    @Test
    void draws_stayWithinTheirBounds_endsIncluded() {
        Set<Integer> numbers = new HashSet<>();
        Instant first = Instant.parse("2026-01-01T00:00:00Z");
        Instant last = first.plusNanos(1);
        Set<Instant> moments = new HashSet<>();
        Seeds seeds = Seeds.of(7);
        for (int i = 0; i < 200; i++) {
            numbers.add(seeds.between(-1, 2));
            moments.add(seeds.instant(first, last));
            assertThat(seeds.duration(Duration.ofNanos(3))).isBetween(Duration.ZERO, Duration.ofNanos(3));
            assertThat(seeds.pick("a", "b")).isIn("a", "b");
            assertThat(seeds.hostile(5).codePointCount(0, seeds.hostile(0).length()))
                    .isZero();
            assertThat(seeds.bytes(4)).hasSizeLessThanOrEqualTo(4);
            assertThat(seeds.list(3, () -> "x")).hasSizeLessThanOrEqualTo(3).allMatch("x"::equals);
        }

        assertThat(numbers).containsExactlyInAnyOrder(-1, 0, 1, 2);
        assertThat(moments).containsExactlyInAnyOrder(first, last);
        assertThat(seeds.between(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(seeds.chance(100)).isTrue();
        assertThat(seeds.chance(0)).isFalse();
        assertThat(seeds.shuffled(List.of(1, 2, 3))).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void of_theSameSeed_isTheSameChance() {
        assertThat(Seeds.of(42).hostile(50)).isEqualTo(Seeds.of(42).hostile(50));
    }
}
