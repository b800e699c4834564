package com.cybernance.continuity.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The primary's log position and every connection that streams from it, read in one query.
 *
 * @param flushed the position up to which the primary's log is durable
 * @param clock the primary's clock in microseconds
 * @param senders the connections
 */
record Sample(long flushed, long clock, List<Sender> senders) {
    // The backend list is kept for the length of a transaction unless it is dropped.
    private static final String QUERY = """
            SELECT pg_wal_lsn_diff(here.flushed, '0/0')::bigint::text AS flushed,
                   (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text AS clock,
                   r.pid::text AS pid, r.application_name AS name, host(r.client_addr) AS address,
                   r.state, r.sync_state,
                   pg_wal_lsn_diff(r.flush_lsn, '0/0')::bigint::text AS confirmed,
                   greatest(pg_wal_lsn_diff(here.lsn, r.write_lsn), 0)::bigint::text AS write_behind,
                   greatest(pg_wal_lsn_diff(here.lsn, r.flush_lsn), 0)::bigint::text AS flush_behind,
                   greatest(pg_wal_lsn_diff(here.lsn, r.replay_lsn), 0)::bigint::text AS replay_behind,
                   (extract(epoch FROM r.write_lag) * 1000000)::bigint::text AS write_lag,
                   (extract(epoch FROM r.flush_lag) * 1000000)::bigint::text AS flush_lag,
                   (extract(epoch FROM r.replay_lag) * 1000000)::bigint::text AS replay_lag,
                   (extract(epoch FROM r.reply_time) * 1000000)::bigint::text AS replied,
                   s.slot_name AS slot,
                   (s.slot_type = 'logical')::text AS logical
            FROM (SELECT pg_current_wal_lsn() AS lsn, pg_current_wal_flush_lsn() AS flushed,
                         pg_stat_clear_snapshot()) AS here
            LEFT JOIN pg_stat_replication r ON true
            LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid
            ORDER BY r.application_name, r.pid
            """;

    Sample {
        senders = List.copyOf(senders);
    }

    static Sample of(Session session) throws SQLException {
        List<Session.Row> rows = session.ask("pg_stat_replication", QUERY);
        return new Sample(
                rows.get(0).number("flushed").orElse(0),
                rows.get(0).number("clock").orElse(0),
                rows.stream()
                        .filter(row -> row.find("pid").isPresent())
                        .map(Sender::of)
                        .toList());
    }

    Optional<Sender> ofPid(long pid) {
        return senders.stream().filter(sender -> sender.pid() == pid).findFirst();
    }

    /** How many connections carry the name. */
    long named(String name) {
        return senders.stream()
                .filter(sender -> sender.name().equalsIgnoreCase(name))
                .count();
    }

    /**
     * A walsender, as {@code pg_stat_replication} shows it. Times are in microseconds, positions and lags in bytes.
     *
     * @param replied when the last reply was sent, by the standby's own clock, which need not agree with the primary's
     * @param slot the slot that the connection uses, or {@code ""}
     * @param logical whether it takes published tables only
     */
    record Sender(
            long pid,
            String name,
            String address,
            String state,
            String syncState,
            OptionalLong confirmed,
            OptionalLong writeBehind,
            OptionalLong flushBehind,
            OptionalLong replayBehind,
            OptionalLong writeLag,
            OptionalLong flushLag,
            OptionalLong replayLag,
            OptionalLong replied,
            String slot,
            boolean logical) {
        private static Sender of(Session.Row row) {
            return new Sender(
                    row.number("pid").orElseThrow(),
                    row.get("name"),
                    row.get("address"),
                    row.get("state"),
                    row.get("sync_state"),
                    row.number("confirmed"),
                    row.number("write_behind"),
                    row.number("flush_behind"),
                    row.number("replay_behind"),
                    row.number("write_lag"),
                    row.number("flush_lag"),
                    row.number("replay_lag"),
                    row.number("replied"),
                    row.get("slot"),
                    row.isTrue("logical"));
        }

        boolean streaming() {
            return state.equals("streaming");
        }

        /** Whether it has confirmed as durable all that the primary had written when the position was read. */
        boolean reached(long position) {
            return confirmed.isPresent() && confirmed.getAsLong() >= position;
        }
    }
}
