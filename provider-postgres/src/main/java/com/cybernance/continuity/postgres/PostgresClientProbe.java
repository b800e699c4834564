package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.ClientOutcome.Result;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.ClientProbe;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Connects as a client does, and with a canary writes as one. */
final class PostgresClientProbe implements ClientProbe {
    private static final String ROUTE = "client route";

    private final Estate estate;
    private final Route client;
    private final boolean canary;

    PostgresClientProbe(Estate estate, Route client, boolean canary) {
        this.estate = estate;
        this.client = client;
        this.canary = canary;
    }

    @Override
    public void look(Deadline deadline, Sink<ClientOutcome> sink) {
        List<Observation> asked = new CopyOnWriteArrayList<>();
        try {
            sink.found(outcome(deadline, asked));
            sink.complete(Sink.ALL);
        } catch (ContinuityException notTried) {
            Looks.blind(sink, Sink.ALL, notTried);
        } finally {
            Looks.tell(sink, asked);
        }
    }

    private ClientOutcome outcome(Deadline deadline, List<Observation> asked) {
        Duration before = deadline.remaining();
        Met met;
        try {
            met = client.read(half(deadline), asked, session -> {
                Duration connect = before.minus(deadline.remaining());
                boolean readOnly = session.inRecovery()
                        || session.ask("read-only", "SELECT current_setting('default_transaction_read_only') AS value")
                                .get(0)
                                .get("value")
                                .equals("on");
                return new Met(Looks.nameOf(session), session.where(), readOnly, connect);
            });
        } catch (ContinuityException turnedAway) {
            return turnedAway(turnedAway);
        }
        if (met.readOnly()) {
            return met.as(estate, Result.READ_ONLY, Optional.empty(), "takes no writes");
        }
        return canary
                ? write(met, deadline)
                : met.as(estate, Result.CONNECTED_ONLY, Optional.empty(), "no write was tried: there is no canary");
    }

    private ClientOutcome write(Met met, Deadline deadline) {
        Duration before = deadline.remaining();
        try {
            long sequence = client.use(before, connection -> CanaryWrite.on(connection, before.toMillis() / 2));
            Duration took = before.minus(deadline.remaining());
            return met.as(estate, Result.WROTE, Optional.of(took), "canary %d acknowledged".formatted(sequence));
        } catch (ContinuityException failure) {
            if (failure.kind() == FailureKind.INTERRUPTED) {
                throw failure;
            }
            return met.as(estate, Result.NOT_ACKNOWLEDGED, Optional.empty(), String.valueOf(failure.getMessage()));
        }
    }

    /** Our own haste, or a version that we do not know, says nothing about what a client meets. */
    private ClientOutcome turnedAway(ContinuityException failure) {
        if (failure.kind() == FailureKind.INTERRUPTED || failure.kind() == FailureKind.UNSUPPORTED) {
            throw failure;
        }
        return new ClientOutcome(
                estate.id().member(ROUTE),
                Result.NO_CONNECTION,
                Optional.empty(),
                Optional.empty(),
                String.valueOf(failure.getMessage()));
    }

    private static Deadline half(Deadline deadline) {
        Duration whole = deadline.remaining();
        Duration kept = whole.dividedBy(2);
        return () -> {
            Duration left = deadline.remaining().minus(kept);
            return left.isNegative() ? Duration.ZERO : left;
        };
    }

    /** The server that answered. */
    private record Met(String name, String where, boolean readOnly, Duration connect) {
        ClientOutcome as(Estate estate, Result result, Optional<Duration> write, String detail) {
            return new ClientOutcome(
                    estate.id().member(name),
                    result,
                    Optional.of(connect),
                    write,
                    "%s at %s: %s".formatted(name, where, detail));
        }
    }
}
