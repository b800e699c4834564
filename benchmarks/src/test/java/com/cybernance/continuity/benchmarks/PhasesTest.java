package com.cybernance.continuity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.cybernance.continuity.spi.Progress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhasesTest {
    private long now;

    @Test
    void phases_addUpToTheWholeTime_andAreReadAgain(@TempDir Path directory) throws Exception {
        Phases phases = new Phases(() -> now, 300_000_000);
        now += 20_000_000;
        phases.ended("connect");
        now += 30_000_000;
        phases.ended("copy");
        now += 1_000_000;
        phases.ended("connect");

        assertThat(phases.millis())
                .containsExactly(entry("start of Java", 300L), entry("connect", 21L), entry("copy", 30L));
        phases.write(directory.resolve("phases"));
        assertThat(Phases.read(directory.resolve("phases")))
                .containsExactly(entry("start of Java", 0.3), entry("connect", 0.021), entry("copy", 0.03));
    }

    @Test
    void wait_tellsWhatFollowsTheLastCountFromTheCounting() throws Exception {
        Phases phases = new Phases(() -> now, 0);
        Iterator<Progress> told = List.of(
                        Progress.running("about to connect"),
                        Progress.running("copying: 1 MiB"),
                        Progress.running("copying: 2 MiB"),
                        Progress.running("copying: 2 MiB"),
                        Progress.running("copied; fetching"),
                        Progress.done("done", Map.of()))
                .iterator();

        phases.wait("backup", () -> {
            now += 10_000_000;
            return told.next();
        });

        assertThat(phases.millis())
                .containsExactly(
                        entry("start of Java", 0L),
                        entry("backup: about to connect", 20L),
                        entry("backup: copying", 10L),
                        entry("backup: copying, its end", 20L),
                        entry("backup: copied", 10L));
    }
}
