package com.cybernance.continuity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureTest {
    @Test
    void median_isTakenOfEachFigureByItself() {
        List<Measure> runs = List.of(new Measure(3, 10, 5), new Measure(1, 30, 4), new Measure(2, 20, 9));

        assertThat(Measure.median(runs)).isEqualTo(new Measure(2, 20, 5));
        assertThat(Measure.median(runs.subList(0, 2))).isEqualTo(new Measure(2, 20, 4.5));
    }

    @Test
    void median_ofNothing_isRefused() {
        assertThatThrownBy(() -> Measure.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void report_comparesWithTheFasterPeerAtEqualTerms_andCanBeReadAgain(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("latest.json");
        Settings settings = new Settings(1, 1, 7, directory, directory, "java", out, "r");
        Report report = new Report(settings, 1 << 20);
        report.add(
                "backup",
                java.util.Map.of(
                        new Contender(Contender.OURS, "r", "", "", ""), List.of(new Measure(2, 3, 4)),
                        new Contender("unequal", "1", "", "", "", false), List.of(new Measure(1, 1, 1)),
                        new Contender("slow", "1", "", "", ""), List.of(new Measure(9, 3, 4)),
                        new Contender("fast", "2", "", "", ""), List.of(new Measure(3, 3, 4))),
                50,
                java.util.Map.of("copying", List.of(1.0, 9.0, 2.0)));
        report.write();

        var read = new com.fasterxml.jackson.databind.ObjectMapper().readTree(out.toFile());
        assertThat(read.at("/results/0/peerName").asText()).isEqualTo("fast");
        assertThat(read.at("/results/0/ratio").asDouble()).isEqualTo(1.5);
        assertThat(read.at("/results/0/phasesOfOurs/copying").asDouble()).isEqualTo(2);
        assertThat(read.at("/results/1/value").asDouble()).isEqualTo(50);
    }
}
