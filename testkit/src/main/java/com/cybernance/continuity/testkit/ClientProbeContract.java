package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.ClientOutcome.Result;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a {@link com.cybernance.continuity.spi.ClientProbe} owes its caller. A broken target may also be answered by a
 * fact: a client that is turned away is what the probe is there to see.
 */
public abstract class ClientProbeContract extends SourceContract<ClientOutcome> {
    /** For the provider's own test. */
    protected ClientProbeContract() {
        super(Facet.CLIENT_PROBE);
    }

    /** Whatever worked has a time, whatever did not has none, and one line says what happened. */
    @Test
    public final void look_timesWhatWorked() {
        for (ClientOutcome outcome : look().facts()) {
            assertThat(outcome.connect().isPresent())
                    .as("a time for connecting, with the result %s", outcome.result())
                    .isEqualTo(outcome.result() != Result.NO_CONNECTION);
            assertThat(outcome.write().isPresent())
                    .as("a time for the write, with the result %s", outcome.result())
                    .isEqualTo(outcome.result() == Result.WROTE);
            assertThat(List.of(
                            outcome.connect().orElse(Duration.ZERO),
                            outcome.write().orElse(Duration.ZERO)))
                    .as("times of %s", outcome)
                    .noneMatch(Duration::isNegative);
            assertThat(outcome.detail()).as("the line for a report").isNotBlank();
        }
    }

    @Override
    final Object identity(ClientOutcome fact) {
        return fact;
    }

    @Override
    final Object essence(ClientOutcome fact) {
        return List.of(fact.id(), fact.result());
    }

    @Override
    final Optional<String> scopeOf(ClientOutcome fact) {
        return Optional.of(Sink.ALL);
    }

    @Override
    final boolean isScope(String name) {
        return name.equals(Sink.ALL);
    }

    @Override
    final boolean admitsFailure(ClientOutcome fact) {
        return fact.result() == Result.NO_CONNECTION || fact.result() == Result.NOT_ACKNOWLEDGED;
    }
}
