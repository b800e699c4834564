package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.wire.SqlSession;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** What a backup over SQL asks of the server besides its files. */
final class SqlServer {
    private SqlServer() {}

    /** The system identifier in decimal. */
    static String system(SqlSession session) {
        return session.one(
                "asking for the system identifier",
                "SELECT system_identifier::text FROM pg_catalog.pg_control_system()",
                row -> row.text(1));
    }

    static Instant clock(SqlSession session) {
        long micros = session.one(
                "asking for the time",
                "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint",
                row -> row.number(1));
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Of the newest checkpoint: that of the backup, once it began. */
    static int timeline(SqlSession session) {
        return session.one(
                "asking for the timeline", "SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()", row ->
                        (int) row.number(1));
    }

    /** In bytes. */
    static int segmentSize(SqlSession session) {
        return session.one(
                "asking for the size of segments",
                "SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'wal_segment_size'",
                row -> (int) row.number(1));
    }

    /** The directory in a tablespace that belongs to servers of just this version. */
    static String tablespaceVersion(SqlSession session) {
        return session.one(
                "asking for the version of catalogs",
                "SELECT 'PG_' || pg_catalog.current_setting('server_version_num')::int / 10000 || '_' || catalog_version_no"
                        + " FROM pg_catalog.pg_control_system()",
                row -> row.text(1));
    }

    /** Where the tablespaces lie, by their numbers; one inside of the data directory has no absolute path. */
    static Map<String, String> tablespaces(SqlSession session) {
        Map<String, String> all = new TreeMap<>();
        session.ask(
                "listing tablespaces",
                "SELECT oid::text, pg_catalog.pg_tablespace_location(oid) FROM pg_catalog.pg_tablespace"
                        + " WHERE spcname NOT IN ('pg_default', 'pg_global')",
                row -> {
                    String number = row.text(1);
                    String location = row.text(2);
                    return number == null ? null : all.put(number, location == null ? "" : location);
                });
        return all;
    }
}
