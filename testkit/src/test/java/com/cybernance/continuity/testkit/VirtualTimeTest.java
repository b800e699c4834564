package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.spi.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = VirtualTime.at("2026-11-23T02:00:00Z");

    @Test
    void advance_movesTheWallAndTheTicker() {
        time.advance(Duration.ofMinutes(5));

        assertThat(time.instant()).isEqualTo(Instant.parse("2026-11-23T02:05:00Z"));
        assertThat(time.nanos()).isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void stepWallClock_leavesTheTicker() {
        time.stepWallClock(Duration.ofHours(-1));

        assertThat(time.instant()).isEqualTo(Instant.parse("2026-11-23T01:00:00Z"));
        assertThat(time.nanos()).isZero();
    }

    @Test
    void advance_refusesToGoBack_namingTheWayToDoIt() {
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S")
                .hasMessageContaining("stepWallClock");
    }

    @Test
    void deadline_runsOnTheTicker_andStaysAtZero() {
        Deadline deadline = time.deadline(Duration.ofSeconds(10));

        time.stepWallClock(Duration.ofDays(1));
        time.advance(Duration.ofSeconds(4));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(6));
        time.advance(Duration.ofSeconds(60));
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void advance_fromManyThreads_losesNothing() {
        IntStream.range(0, 10_000).parallel().forEach(i -> time.advance(Duration.ofNanos(1)));

        assertThat(time.nanos()).isEqualTo(10_000);
        assertThat(time.instant()).isEqualTo(Instant.parse("2026-11-23T02:00:00.000010Z"));
    }
}
