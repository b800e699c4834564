package com.cybernance.continuity.testkit.honesty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.testkit.Seeds;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is said of restore points holds against a world in which every loss is known. */
class PointHonestyTest {
    private static final int WORLDS = 100_000;

    @Test
    void report_inRandomWorlds_callsMetOnlyWhatADisasterWouldHaveShown() {
        Map<String, Integer> met = new HashMap<>();

        Seeds.check(WORLDS, seeds -> live(seeds, UnaryOperator.identity())
                .forEach((clause, times) -> met.merge(clause, times, Integer::sum)));

        // A judge that never says MET would pass the comparison, and be useless.
        assertThat(met).hasSize(2).allSatisfy((clause, times) -> assertThat(times)
                .isGreaterThan(Seeds.runs(WORLDS) / 20));
        System.out.printf("%d worlds, MET: %s%n", Seeds.runs(WORLDS), met);
    }

    @Test
    void report_thatLetsEvidenceLiveTooLong_isFound() {
        assertThatThrownBy(() -> Seeds.check(WORLDS, seeds -> live(seeds, age -> age.multipliedBy(3))))
                .hasMessageContaining("is called MET");
    }

    private static Map<String, Integer> live(Seeds seeds, UnaryOperator<Duration> age) {
        try (PointWorld world = new PointWorld(seeds, age)) {
            return world.live();
        }
    }
}
