package com.cybernance.continuity.testkit.honesty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.testkit.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HonestyTest {
    private static final int WORLDS = 100_000;

    @Test
    void report_inRandomWorlds_callsMetOnlyWhatWasSeenToHold() {
        Map<String, Integer> met = new HashMap<>();

        Seeds.check(WORLDS, seeds -> live(seeds, World.Planted.NOTHING)
                .forEach((clause, times) -> met.merge(clause, times, Integer::sum)));

        // A judge that never says MET would pass the comparison, and be useless.
        assertThat(met).hasSize(2).allSatisfy((clause, times) -> assertThat(times)
                .isGreaterThan(Seeds.runs(WORLDS) / 20));
        System.out.printf("%d worlds, MET: %s%n", Seeds.runs(WORLDS), met);
    }

    @Test
    void report_thatLetsEvidenceLiveTooLong_isFound() {
        World.Planted forgetful = new World.Planted(age -> age.multipliedBy(3), World.Planted.NOTHING.reader());

        assertThatThrownBy(() -> Seeds.check(WORLDS, seeds -> live(seeds, forgetful)))
                .hasMessageContaining("is called MET, but was not seen to hold");
    }

    @Test
    void report_thatTakesAFailedLookForAPass_isFound() {
        World.Planted optimist = new World.Planted(UnaryOperator.identity(), (before, report) -> {
            Map<String, Verdict> verdicts = new HashMap<>(World.verdicts(report));
            verdicts.replaceAll((clause, verdict) ->
                    verdict == Verdict.UNKNOWN && before.get(clause) == Verdict.MET ? Verdict.MET : verdict);
            return verdicts;
        });

        assertThatThrownBy(() -> Seeds.check(WORLDS, seeds -> live(seeds, optimist)))
                .hasMessageContaining("is called MET, but was not seen to hold");
    }

    private static Map<String, Integer> live(Seeds seeds, World.Planted planted) {
        try (World world = new World(seeds, planted)) {
            return world.live(planted);
        }
    }
}
