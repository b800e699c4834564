package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Duration LONGEST = Duration.ofNanos(10);

    private final Waiting waiting = new Waiting();

    @Test
    void failureLongAfterWhatWasUnderWayIsInTheVault_makesNothingDueEarly() {
        waiting.lacking(0);
        waiting.begun(10);
        waiting.settled();
        waiting.nothing();
        waiting.lacking(1_000_000);
        waiting.failed();

        assertThat(waiting.left(LONGEST, 1_000_001)).hasValue(Duration.ofNanos(9));
    }

    @Test
    void whatWasUnderWayWhenSomethingFailed_isAsOldAsItWas_once() {
        waiting.lacking(0);
        waiting.begun(10);
        waiting.failed();
        assertThat(waiting.left(LONGEST, 11)).hasValue(Duration.ofNanos(-1));

        waiting.nothing();
        waiting.lacking(1000);
        waiting.failed();
        assertThat(waiting.left(LONGEST, 1001)).hasValue(Duration.ofNanos(9));
    }

    @Test
    void whatIsLacking_waitsSinceItWasFirstSeen_andNothingDoesNotWait() {
        assertThat(waiting.left(LONGEST, 5)).isEmpty();
        waiting.lacking(5);
        waiting.lacking(9);

        assertThat(waiting.left(LONGEST, 12)).hasValue(Duration.ofNanos(3));
        assertThat(waiting.left(LONGEST, 15)).hasValue(Duration.ZERO);
    }
}
