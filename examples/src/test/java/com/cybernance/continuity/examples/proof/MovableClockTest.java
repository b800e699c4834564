package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovableClockTest {
    @TempDir
    private Path directory;

    @Test
    void instant_whileTheFileSaysSo_isAnHourEarlier() throws Exception {
        Path offset = directory.resolve("offset");
        MovableClock clock = new MovableClock(offset);
        Instant before = InstantSource.system().instant();

        assertThat(clock.instant()).isCloseTo(before, within(10, ChronoUnit.MINUTES));
        Files.writeString(offset, "-3600");
        assertThat(clock.instant()).isCloseTo(before.minusSeconds(3600), within(10, ChronoUnit.MINUTES));
        Files.delete(offset);
        assertThat(clock.instant()).isCloseTo(before, within(10, ChronoUnit.MINUTES));
    }
}
