package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a server says about itself.
 *
 * @param clusterName its {@code cluster_name}, or {@code ""}
 * @param system the identifier that a primary and its physical standbys share
 * @param standby whether it is in recovery, so takes no writes
 * @param dataCentre its own setting {@code continuity.data_centre}, where it has one
 * @param detail its replay position and receiver, in words
 */
record ServerWord(String clusterName, String system, boolean standby, Optional<String> dataCentre, String detail) {
    // A database or a role can carry the setting too. That is replicated, so it would say the same on every server.
    private static final String QUERY = """
            SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system,
                   nullif(current_setting('continuity.data_centre', true), '') AS data_centre,
                   EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) AS each
                           WHERE each ILIKE 'continuity.data_centre=%') AS overridden,
                   CASE WHEN pg_is_in_recovery()
                        THEN 'replayed to ' || coalesce(pg_last_wal_replay_lsn()::text, 'nowhere')
                             || CASE WHEN pg_is_wal_replay_paused() THEN ', replay is paused' ELSE '' END
                             || coalesce((SELECT ', receiver is ' || status FROM pg_stat_wal_receiver), ', no receiver seen')
                        ELSE 'takes writes' END AS detail
            """;

    static ServerWord of(Session session) throws SQLException {
        Session.Row row = session.ask("the server's word on itself", QUERY).get(0);
        return new ServerWord(
                session.clusterName(),
                row.get("system"),
                session.inRecovery(),
                row.isTrue("overridden") ? Optional.empty() : row.find("data_centre"),
                row.get("detail"));
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
