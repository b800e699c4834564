package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Sink;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the primary's settings do to the promise, those that keep it as well as those that weaken it, and those of the
 * other servers on which an acknowledged commit rests.
 */
final class PostgresSettings implements SettingSource {
    static final String DURABILITY = "durability";
    static final String CAPACITY = "capacity";
    private static final Duration OWN_WORD = Duration.ofSeconds(2);

    private final Estate estate;
    private final Route writer;
    private final Map<String, Route> servers;
    private final boolean serverLog;

    PostgresSettings(Estate estate, Route writer, Map<String, Route> servers, boolean serverLog) {
        this.estate = estate;
        this.writer = writer;
        this.servers = new LinkedHashMap<>(servers);
        this.serverLog = serverLog;
    }

    @Override
    public void look(Deadline deadline, Sink<Setting> sink) {
        List<Observation> asked = new CopyOnWriteArrayList<>();
        durability(deadline, sink, asked);
        capacity(deadline, sink, asked);
        Looks.tell(sink, asked);
    }

    private void durability(Deadline deadline, Sink<Setting> sink, List<Observation> asked) {
        try {
            OfPrimary primary = writer.read(deadline, asked, session -> {
                Looks.requirePrimary(session, writer);
                return new OfPrimary(
                        new DurabilityAudit(estate.id().member(Looks.nameOf(session)), session).settings(),
                        ServerWord.of(session));
            });
            primary.settings.forEach(sink::found);
            servers.forEach((name, route) -> onDisk(name, route, primary.word, deadline, sink, asked));
            if (serverLog) {
                sink.found(writer.read(deadline, asked, this::cancelledWaits));
            }
            sink.complete(DURABILITY);
        } catch (ContinuityException failure) {
            Looks.blind(sink, DURABILITY, failure);
        }
    }

    /** A standby confirms what it has flushed; its own settings decide whether that means its disk. */
    private void onDisk(
            String name,
            Route route,
            ServerWord primary,
            Deadline deadline,
            Sink<Setting> sink,
            List<Observation> asked) {
        if (name.equalsIgnoreCase(primary.clusterName())) {
            return;
        }
        try {
            // A server that hangs must leave time for the others and for the rest of the look.
            Duration share = Looks.shorter(OWN_WORD, deadline.remaining().dividedBy(2));
            route.read(() -> Looks.shorter(share, deadline.remaining()), asked, session -> {
                        ServerWord word = ServerWord.of(session);
                        if (word.sameServer(primary)) {
                            return List.<Setting>of();
                        }
                        word.requireMember(name, primary);
                        return new DurabilityAudit(estate.id().member(name), session).onDisk();
                    })
                    .forEach(sink::found);
        } catch (ContinuityException failure) {
            Looks.passOnInterruption(failure);
            Looks.blind(sink, "%s: the settings of server %s".formatted(DURABILITY, name), failure);
        }
    }

    private Setting cancelledWaits(Session session) throws SQLException {
        return ServerLog.cancelledWaits(estate.id().member(Looks.nameOf(session)), session);
    }

    private void capacity(Deadline deadline, Sink<Setting> sink, List<Observation> asked) {
        try {
            List<Setting> found = writer.read(deadline, asked, session -> {
                Looks.requirePrimary(session, writer);
                requireRights(session);
                CapacityAudit audit = new CapacityAudit(estate.id().member(Looks.nameOf(session)), session);
                List<Setting> all = new ArrayList<>(audit.slots());
                all.addAll(audit.synchronousStandbys());
                return all;
            });
            found.forEach(sink::found);
            sink.complete(CAPACITY);
        } catch (ContinuityException failure) {
            Looks.blind(sink, CAPACITY, failure);
        }
    }

    private static void requireRights(Session session) throws SQLException {
        Session.Row rights =
                session.ask("own rights", PostgresReplication.RIGHTS).get(0);
        if (!rights.isTrue("allowed")) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "role %s may not see who waits for a standby; expected the rights of pg_monitor"
                            .formatted(rights.get("asker")),
                    "GRANT pg_monitor TO %s".formatted(rights.get("asker")));
        }
    }

    private record OfPrimary(List<Setting> settings, ServerWord word) {}
}
