package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.Sink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The servers that the primary sees connected, itself included, and its databases. */
final class PostgresInventory implements InventorySource {
    static final String SERVER = "database-server";
    static final String DATABASE = "database";

    /**
     * A subscriber holds tables and a base backup is on its way to a file: neither is a server of the cluster. Nor is what
     * keeps the log alone, such as {@code pg_receivewal} and our own receiver: it says how far it has written and never
     * that it replayed anything, as a standby does from its first reply on. What has not replied yet may be either.
     */
    private static final String PHYSICAL = """
            SELECT coalesce(nullif(application_name, ''), 'unnamed') AS name,
                   string_agg(coalesce(host(client_addr), 'a local socket'), ' and ' ORDER BY client_addr) AS address,
                   bool_or(replay_lsn IS NULL)::text AS unheard
            FROM pg_stat_replication AS sender
            WHERE state <> 'backup'
              AND (replay_lsn IS NOT NULL OR write_lsn IS NULL)
              AND NOT EXISTS (SELECT FROM pg_replication_slots
                              WHERE active_pid = sender.pid AND slot_type = 'logical')
            GROUP BY 1 ORDER BY 1
            """;

    private final Estate estate;
    private final Route writer;

    PostgresInventory(Estate estate, Route writer) {
        this.estate = estate;
        this.writer = writer;
    }

    @Override
    public void look(Deadline deadline, Sink<InventoryItem> sink) {
        List<Observation> asked = new CopyOnWriteArrayList<>();
        scope(SERVER, deadline, sink, asked, this::servers);
        scope(DATABASE, deadline, sink, asked, this::databases);
        Looks.tell(sink, asked);
    }

    private void scope(
            String scope,
            Deadline deadline,
            Sink<InventoryItem> sink,
            List<Observation> asked,
            Route.Reading<List<InventoryItem>> reading) {
        try {
            writer.read(deadline, asked, session -> {
                        Looks.requirePrimary(session, writer);
                        return reading.from(session);
                    })
                    .forEach(sink::found);
            sink.complete(scope);
        } catch (ContinuityException failure) {
            Looks.blind(sink, scope, failure);
        }
    }

    private List<InventoryItem> servers(Session session) throws SQLException {
        Session.Row rights =
                session.ask("own rights", PostgresReplication.RIGHTS).get(0);
        if (!rights.isTrue("allowed")) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "role %s may not read pg_stat_replication; expected the rights of pg_monitor"
                            .formatted(rights.get("asker")),
                    "GRANT pg_monitor TO %s".formatted(rights.get("asker")));
        }
        List<InventoryItem> items = new ArrayList<>();
        items.add(new InventoryItem(
                estate.id().member(Looks.nameOf(session)),
                SERVER,
                "PostgreSQL %d at %s, takes writes".formatted(session.majorVersion(), session.where())));
        for (Session.Row row : session.ask("pg_stat_replication", PHYSICAL)) {
            if (row.isTrue("unheard")) {
                throw new ContinuityException(
                        FailureKind.TIMED_OUT,
                        "%s, connected from %s, has not said yet how far it is: nobody knows whether it is a standby"
                                .formatted(row.get("name"), row.get("address")),
                        "look again");
            }
            items.add(new InventoryItem(
                    estate.id().member(row.get("name")), SERVER, "streams from the primary, at " + row.get("address")));
        }
        return items;
    }

    private List<InventoryItem> databases(Session session) throws SQLException {
        return session
                .ask(
                        "pg_database",
                        "SELECT d.datname AS name, r.rolname AS owner FROM pg_database d LEFT JOIN pg_roles r ON r.oid = d.datdba WHERE NOT d.datistemplate ORDER BY 1")
                .stream()
                .map(row -> new InventoryItem(
                        estate.id().member(row.get("name")), DATABASE, "owned by " + row.get("owner")))
                .toList();
    }
}
