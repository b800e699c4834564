package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.postgres.wire.SynchronousNames;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.Sink;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The primary and everything that streams from it, is named to, or once did. */
final class PostgresReplication implements ReplicationSource {
    static final String RIGHTS =
            "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')::text AS allowed, quote_ident(current_user) AS asker";
    private static final String NAMES = "SELECT current_setting('synchronous_standby_names') AS names";
    private static final String SLOTS =
            "SELECT slot_name AS name, active::text AS active FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary ORDER BY 1";
    private static final double STEP_SECONDS = 0.1;
    private static final Duration OWN_WORD = Duration.ofSeconds(2);

    private final Estate estate;
    private final Route writer;
    private final Map<String, Route> servers;
    private final Optional<CanaryFlight> canary;
    private final Hearing hearing = new Hearing();

    PostgresReplication(Estate estate, Route writer, Map<String, Route> servers, Optional<CanaryFlight> canary) {
        this.estate = estate;
        this.writer = writer;
        this.servers = new LinkedHashMap<>(servers);
        this.canary = canary;
    }

    @Override
    public void look(Deadline deadline, Sink<ReplicaState> sink) {
        List<Observation> asked = new CopyOnWriteArrayList<>();
        try {
            Optional<CanaryFlight.Outcome> flown = canary.map(flight -> flight.fly(writer, deadline));
            PrimaryView view = writer.read(deadline, asked, session -> view(session, deadline));
            Map<String, ServerWord> words = words(view, deadline, sink, asked);
            Map<String, Duration> replayed =
                    flown.isEmpty() ? Map.of() : canary.orElseThrow().landed(servers, words.keySet(), deadline, sink);
            new Members(estate, view, words, replayed, flown).all(hearing).forEach(sink::found);
            hearing.keepOnly(view.last());
            requireOnePrimary(view, words);
            sink.complete(Sink.ALL);
        } catch (ContinuityException failure) {
            Looks.blind(sink, Sink.ALL, failure);
        } finally {
            Looks.tell(sink, asked);
        }
    }

    private PrimaryView view(Session session, Deadline deadline) throws SQLException {
        Looks.requirePrimary(session, writer);
        requireRights(session);
        ServerWord word = ServerWord.of(session);
        SynchronousNames names = SynchronousNames.parse(
                session.ask("synchronous_standby_names", NAMES).get(0).get("names"));
        List<Slot> slots = session.ask("pg_replication_slots", SLOTS).stream()
                .map(row -> new Slot(row.get("name"), row.isTrue("active")))
                .toList();
        Duration left = deadline.remaining();
        Duration patience = Looks.shorter(estate.patience(), left.dividedBy(3));
        Sample first = Sample.of(session);
        Sample last = first;
        while (waits(first, last, waited(left, deadline), patience)) {
            session.pause(STEP_SECONDS);
            last = Sample.of(session);
        }
        return new PrimaryView(
                Looks.nameOf(session), session.address(), word, names, slots, first, last, waited(left, deadline));
    }

    /** Whether another sample may tell more: something is unconfirmed, and what moves has had less than a second. */
    private static boolean waits(Sample first, Sample last, Duration waited, Duration patience) {
        boolean pending = false;
        boolean allMove = true;
        for (Sample.Sender sender : last.senders()) {
            if (sender.confirmed().isPresent() && !sender.reached(first.flushed())) {
                pending = true;
                allMove &= first.ofPid(sender.pid())
                        .map(before -> !before.confirmed().equals(sender.confirmed()))
                        .orElse(true);
            }
        }
        Duration enough = allMove ? Looks.shorter(patience, Duration.ofSeconds(1)) : patience;
        return pending && waited.compareTo(enough) < 0;
    }

    private static Duration waited(Duration before, Deadline deadline) {
        return before.minus(deadline.remaining());
    }

    /** Without the right the view shows names and hides everything else, with no error at all. */
    private static void requireRights(Session session) throws SQLException {
        Session.Row rights = session.ask("own rights", RIGHTS).get(0);
        if (!rights.isTrue("allowed")) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "role %s may not read pg_stat_replication and pg_stat_wal_receiver; expected the rights of pg_monitor"
                            .formatted(rights.get("asker")),
                    "GRANT pg_monitor TO %s".formatted(rights.get("asker")));
        }
    }

    private Map<String, ServerWord> words(
            PrimaryView view, Deadline deadline, Sink<ReplicaState> sink, List<Observation> asked) {
        Map<String, ServerWord> words = new LinkedHashMap<>();
        servers.forEach((name, route) -> {
            if (name.equalsIgnoreCase(view.name())) {
                return;
            }
            try {
                // A server that hangs must leave time for the others and for what was already seen.
                Duration share = Looks.shorter(OWN_WORD, deadline.remaining().dividedBy(2));
                ServerWord word = route.read(() -> Looks.shorter(share, deadline.remaining()), asked, this::ownWord);
                word.requireMember(name, view.word());
                requireNotItself(name, word, view);
                words.put(name, word);
            } catch (ContinuityException failure) {
                Looks.passOnInterruption(failure);
                Looks.blind(sink, "the word of server %s on itself".formatted(name), failure);
            }
        });
        return words;
    }

    /** Without the right a receiver looks as if it were not there. */
    private ServerWord ownWord(Session session) throws SQLException {
        requireRights(session);
        return ServerWord.of(session);
    }

    /** Which of the two is right is not for a watcher to say. */
    private void requireOnePrimary(PrimaryView view, Map<String, ServerWord> words) {
        words.forEach((name, word) -> {
            if (!word.standby() && !word.sameServer(view.word())) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "server %s takes writes as well as the server that %s leads to; expected one primary"
                                .formatted(name, writer.name()),
                        "stop writes to both, and find out which one clients have written to");
            }
        });
    }

    /** A primary that nobody named may be known to the embedder by a name; a standby's name it cannot have. */
    private static void requireNotItself(String name, ServerWord word, PrimaryView view) {
        if (word.sameServer(view.word()) && view.last().named(name) > 0) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the route to server %s leads to the primary, to which %s is connected as a standby"
                            .formatted(name, name),
                    "correct the data source");
        }
    }

    /** A place that the primary keeps for a standby. */
    record Slot(String name, boolean active) {}

    /** All that the primary said in one look. */
    record PrimaryView(
            String name,
            String address,
            ServerWord word,
            SynchronousNames names,
            List<Slot> slots,
            Sample first,
            Sample last,
            Duration waited) {}
}
