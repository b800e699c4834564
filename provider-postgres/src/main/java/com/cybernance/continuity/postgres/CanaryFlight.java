package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The canary from its commit on the primary to its arrival on the standbys. How far a standby is behind in time is how
 * long ago the first canary that it lacks was written, by the watcher's own ticker: no two clocks are compared.
 */
final class CanaryFlight {
    private static final int REMEMBERED = 10_000;
    private static final double STEP_SECONDS = 0.05;
    private static final Duration LANDING = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final Duration patience;
    private final TreeMap<Long, Long> written = new TreeMap<>();

    CanaryFlight(Ticker ticker, Duration patience) {
        this.ticker = ticker;
        this.patience = patience;
    }

    /** Writes once; a write that is not acknowledged is an outcome, not a failure. */
    synchronized Outcome fly(Route writer, Deadline deadline) {
        Duration third = deadline.remaining().dividedBy(3);
        Duration most = third.compareTo(patience) < 0 ? third : patience;
        long start = ticker.nanos();
        try {
            long sequence = writer.use(most, connection -> CanaryWrite.on(connection, most.toMillis() / 2));
            written.put(sequence, start);
            while (written.size() > REMEMBERED) {
                written.pollFirstEntry();
            }
            return new Outcome(true, "canary %d acknowledged".formatted(sequence));
        } catch (ContinuityException notAcknowledged) {
            return new Outcome(false, "canary not acknowledged: " + notAcknowledged.getMessage());
        }
    }

    /** How far each of the servers is behind in time, where that can be told. */
    synchronized Map<String, Duration> landed(
            Map<String, Route> servers, Set<String> answering, Deadline deadline, Sink<ReplicaState> sink) {
        Map<String, Duration> behind = new LinkedHashMap<>();
        for (String name : answering) {
            Route route = servers.get(name);
            if (route == null) {
                continue;
            }
            List<Observation> asked = new ArrayList<>();
            try {
                Duration share = deadline.remaining().dividedBy(2);
                long shown = route.read(() -> share, asked, session -> shown(session, share));
                lag(shown).ifPresent(lag -> behind.put(name, lag));
                asked.forEach(sink::asked);
            } catch (ContinuityException failure) {
                Looks.blind(sink, "the canary on server %s".formatted(name), failure);
            }
        }
        return behind;
    }

    private long shown(Session session, Duration most) throws SQLException {
        long newest = written.isEmpty() ? 0 : written.lastKey();
        long steps = Math.min(most.dividedBy(2).toMillis(), LANDING.toMillis()) / (long) (STEP_SECONDS * 1000);
        long shown = read(session);
        for (long step = 0; shown < newest && step < steps; step++) {
            session.pause(STEP_SECONDS);
            shown = read(session);
        }
        return shown;
    }

    private static long read(Session session) throws SQLException {
        return session.ask("continuity.canary", "SELECT seq::text AS seq FROM continuity.canary WHERE id = 1").stream()
                .findFirst()
                .map(row -> row.number("seq").orElse(0))
                .orElse(0L);
    }

    private Optional<Duration> lag(long shown) {
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (shown >= written.lastKey()) {
            return Optional.of(Duration.ZERO);
        }
        // Numbers that we did not write are another watcher's, or of an earlier life.
        Long lacking = written.get(shown + 1);
        return lacking == null ? Optional.empty() : Optional.of(Duration.ofNanos(ticker.nanos() - lacking));
    }

    /**
     * What became of a write.
     *
     * @param acknowledged whether its commit was, with everything it had to wait for
     * @param words for a report
     */
    record Outcome(boolean acknowledged, String words) {}
}
