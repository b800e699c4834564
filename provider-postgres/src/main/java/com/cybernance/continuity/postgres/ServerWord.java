package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a server says about itself.
 *
 * @param clusterName its {@code cluster_name}, or {@code ""}
 * @param system the identifier that a primary and its physical standbys share
 * @param started when its process began, by its own clock and to the microsecond
 * @param standby whether it is in recovery, so takes no writes
 * @param dataCentre its own setting {@code continuity.data_centre}, where it has one
 * @param receiver what its receiver of the log does, {@code streaming} if all is well; {@code ""} without one
 * @param slot the slot on the sending server that its receiver uses, or {@code ""}
 * @param port at which it listens
 * @param source host and port from which its receiver takes the log; empty when it does not say
 * @param feeds the names of those that take the log from it, in lower case
 * @param durable the position up to which it has received or replayed the log; empty for a server that takes writes
 * @param detail its replay position and receiver, in words
 */
record ServerWord(
        String clusterName,
        String system,
        String started,
        boolean standby,
        Optional<String> dataCentre,
        String receiver,
        String slot,
        String port,
        Optional<Source> source,
        Set<String> feeds,
        OptionalLong durable,
        String detail) {
    // A database or a role can carry the setting too. That is replicated, so it would say the same on every server.
    private static final String QUERY = """
            SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system,
                   extract(epoch FROM pg_postmaster_start_time())::text AS started,
                   nullif(current_setting('continuity.data_centre', true), '') AS data_centre,
                   EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) AS each
                           WHERE each ILIKE 'continuity.data_centre=%') AS overridden,
                   w.status AS receiver, w.slot_name AS slot,
                   current_setting('port') AS port, w.sender_host AS source_host, w.sender_port::text AS source_port,
                   (SELECT string_agg(lower(application_name), E'\\n') FROM pg_stat_replication
                    WHERE state <> 'backup') AS feeds,
                   pg_wal_lsn_diff(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')::bigint::text AS durable,
                   CASE WHEN pg_is_in_recovery()
                        THEN 'replayed to ' || coalesce(pg_last_wal_replay_lsn()::text, 'nowhere')
                             || CASE WHEN pg_is_wal_replay_paused() THEN ', replay is paused' ELSE '' END
                             || coalesce(', receiver is ' || w.status, ', no receiver seen')
                        ELSE 'takes writes' END AS detail
            FROM (SELECT) AS one LEFT JOIN pg_stat_wal_receiver w ON true
            """;

    /** Where a receiver takes the log from. */
    record Source(String host, String port) {}

    static ServerWord of(Session session) throws SQLException {
        Session.Row row = session.ask("the server's word on itself", QUERY).get(0);
        return new ServerWord(
                session.clusterName(),
                row.get("system"),
                row.get("started"),
                session.inRecovery(),
                row.isTrue("overridden") ? Optional.empty() : row.find("data_centre"),
                row.get("receiver"),
                row.get("slot"),
                row.get("port"),
                row.find("source_port").map(port -> new Source(row.get("source_host"), port)),
                Set.copyOf(row.get("feeds").lines().toList()),
                row.number("durable"),
                row.get("detail"));
    }

    /**
     * Why a connection on the primary, seen before this server was asked, cannot be this server's; empty when what both
     * ends say agrees.
     */
    Optional<String> denies(Sample.Sender sender, ServerWord primary) {
        if (!standby) {
            return Optional.of("the server of this name takes writes and receives nothing");
        }
        if (!receiver.equals("streaming")) {
            return Optional.of("the server of this name does not receive: its receiver is "
                    + (receiver.isEmpty() ? "not there" : receiver));
        }
        if (!slot.equals(sender.slot())) {
            return Optional.of("the server of this name receives through %s, this connection uses %s"
                    .formatted(slotInWords(slot), slotInWords(sender.slot())));
        }
        if (slot.isEmpty() && source.isPresent() && !source.get().port().equals(primary.port)) {
            return Optional.of("the server of this name receives from %s port %s, and the primary listens at port %s"
                    .formatted(source.get().host(), source.get().port(), primary.port));
        }
        long missing = sender.confirmed().orElse(0) - durable.orElse(0);
        return missing > 0
                ? Optional.of("it confirmed %d bytes more than the server of this name has".formatted(missing))
                : Optional.empty();
    }

    /** Whether the server says who it is and that no log reaches it, whoever connects under its name. */
    boolean receivesNothing() {
        return !clusterName.isBlank() && (!standby || receiver.isEmpty());
    }

    private static String slotInWords(String slot) {
        return slot.isEmpty() ? "no slot" : "slot " + slot;
    }

    /** Whether it is the very server that said the other word, however the two were reached. */
    boolean sameServer(ServerWord other) {
        return system.equals(other.system) && started.equals(other.started) && standby == other.standby;
    }

    /** Refuses the word of a server that is not the one that was named, or is no copy of the primary. */
    void requireMember(String name, ServerWord primary) {
        if (!clusterName.isBlank() && !clusterName.equalsIgnoreCase(name)) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the route to server %s leads to a server that calls itself %s".formatted(name, clusterName),
                    "correct the data source, or the cluster_name of the server");
        }
        if (!system.equals(primary.system)) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "server %s has system identifier %s, the primary %s: it is no replica of it"
                            .formatted(name, system, primary.system),
                    "correct the data source, or clone the server anew");
        }
    }

    /** The place with what the server says added to it. */
    Place addTo(Place place) {
        return dataCentre
                .map(value -> place.and(new PlaceFactor(
                        Factor.DATA_CENTRE,
                        value,
                        PlaceFactor.Basis.DECLARED,
                        "setting continuity.data_centre on the server")))
                .orElse(place);
    }
}
