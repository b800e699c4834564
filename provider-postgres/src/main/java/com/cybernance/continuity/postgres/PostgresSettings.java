package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Sink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the primary's settings do to the promise, those that keep it as well as those that weaken it. */
final class PostgresSettings implements SettingSource {
    static final String DURABILITY = "durability";
    static final String CAPACITY = "capacity";

    private final Estate estate;
    private final Route writer;
    private final boolean serverLog;

    PostgresSettings(Estate estate, Route writer, boolean serverLog) {
        this.estate = estate;
        this.writer = writer;
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
            writer.read(deadline, asked, session -> {
                        Looks.requirePrimary(session, writer);
                        return new DurabilityAudit(estate.id().member(Looks.nameOf(session)), session).settings();
                    })
                    .forEach(sink::found);
            if (serverLog) {
                sink.found(writer.read(deadline, asked, this::cancelledWaits));
            }
            sink.complete(DURABILITY);
        } catch (ContinuityException failure) {
            Looks.blind(sink, DURABILITY, failure);
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
}
