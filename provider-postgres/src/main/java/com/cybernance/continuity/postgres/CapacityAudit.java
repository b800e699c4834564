package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Setting.Effect;
import com.cybernance.continuity.facts.Setting.Kind;
import com.cybernance.continuity.postgres.wire.SynchronousNames;
import java.sql.SQLException;
import java.util.List;

/** What may fill the primary's disk, and whether commits stand still for want of a standby. */
final class CapacityAudit {
    /** A commit that waits this long is not waiting for a disk. */
    private static final double LONG_WAIT_SECONDS = 5;

    private static final String SLOTS = """
            SELECT slot_name AS name, slot_type AS type, active::text AS active, wal_status AS status,
                   safe_wal_size::text AS safe,
                   pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint::text AS kept,
                   quote_literal(slot_name) AS literal,
                   (current_setting('max_slot_wal_keep_size') = '-1')::text AS unbounded,
                   coalesce(nullif(current_setting('idle_replication_slot_timeout', true), '0'), '') AS idle_timeout
            FROM pg_replication_slots ORDER BY 1
            """;
    private static final String WAITING = """
            SELECT count(*)::text AS sessions,
                   coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)::text AS longest
            FROM pg_stat_activity WHERE wait_event = 'SyncRep'
            """;
    private static final String CONNECTED = """
            SELECT current_setting('synchronous_standby_names') AS names,
                   (SELECT count(*) FROM pg_stat_replication
                    WHERE sync_state IN ('sync', 'quorum') AND state = 'streaming')::text AS connected
            """;

    private final ResourceId server;
    private final Session session;

    CapacityAudit(ResourceId server, Session session) {
        this.server = server;
        this.session = session;
    }

    List<Setting> slots() throws SQLException {
        return session.ask("pg_replication_slots", SLOTS).stream()
                .map(this::slot)
                .toList();
    }

    List<Setting> synchronousStandbys() throws SQLException {
        return List.of(connected(), waiting());
    }

    private Setting slot(Session.Row row) {
        boolean active = row.isTrue("active");
        String status = row.get("status");
        boolean bounded = !row.isTrue("unbounded") || !row.get("idle_timeout").isEmpty();
        boolean gone = status.equals("lost") || status.equals("unreserved");
        String observed = "%s %s, %s bytes of log kept, wal_status %s%s%s"
                .formatted(
                        active ? "active" : "inactive",
                        row.get("type"),
                        row.find("kept").orElse("no"),
                        status.isEmpty() ? "none" : status,
                        row.find("safe").map(safe -> ", safe_wal_size " + safe).orElse(", no limit to what it keeps"),
                        row.get("idle_timeout").isEmpty()
                                ? ""
                                : ", idle_replication_slot_timeout " + row.get("idle_timeout"));
        String needed = gone
                ? "its log kept: clone its standby anew and SELECT pg_drop_replication_slot(%s)"
                        .formatted(row.get("literal"))
                : "in use or bounded: SELECT pg_drop_replication_slot(%s), or ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf()"
                        .formatted(row.get("literal"));
        Effect effect = gone || (!active && !bounded) ? Effect.WEAKENS : Effect.KEEPS;
        return new Setting(server, Kind.CAPACITY, "replication slot " + row.get("name"), observed, needed, effect);
    }

    private Setting connected() throws SQLException {
        Session.Row row = session.ask("synchronous standbys", CONNECTED).get(0);
        SynchronousNames names = SynchronousNames.parse(row.get("names"));
        long connected = row.number("connected").orElse(0);
        boolean listed = names.wildcard() || names.standbys().size() >= names.count();
        return new Setting(
                server,
                Kind.CAPACITY,
                "connected synchronous standbys",
                "%d connected, %d named, a commit waits for %d"
                        .formatted(connected, names.names().size(), names.count()),
                "at least %d connected, or commits wait until they are: start the standbys that synchronous_standby_names lists"
                        .formatted(names.count()),
                connected >= names.count() && listed ? Effect.KEEPS : Effect.WEAKENS);
    }

    private Setting waiting() throws SQLException {
        Session.Row row = session.ask("waits for standbys", WAITING).get(0);
        double longest = Double.parseDouble(row.get("longest"));
        return new Setting(
                server,
                Kind.CAPACITY,
                "sessions waiting for a synchronous standby",
                "%s sessions, the longest for %.1f s".formatted(row.get("sessions"), longest),
                "none for longer than %.0f s: bring the standby back, never cancel the waits"
                        .formatted(LONG_WAIT_SECONDS),
                longest > LONG_WAIT_SECONDS ? Effect.WEAKENS : Effect.KEEPS);
    }
}
