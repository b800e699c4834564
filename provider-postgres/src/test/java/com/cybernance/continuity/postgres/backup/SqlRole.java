package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.stream.Stream;

/** A role that may not replicate, and may do what a backup over SQL needs and nothing else. */
public final class SqlRole {
    public static final String NAME = "sql_backup";
    public static final String PASSWORD = "reads-and-no-more";

    static final List<String> RIGHTS = List.of(
            "pg_backup_start(text,boolean)",
            "pg_backup_stop(boolean)",
            "pg_ls_dir(text,boolean,boolean)",
            "pg_stat_file(text,boolean)",
            "pg_read_binary_file(text,bigint,bigint,boolean)");

    private SqlRole() {}

    /** Makes the role on a server that does not have it. */
    public static void make(PostgresServer server) {
        server.execute(Stream.concat(
                        Stream.of("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(NAME, PASSWORD)),
                        RIGHTS.stream().map(right -> grant(right)))
                .toArray(String[]::new));
    }

    static String grant(String right) {
        return "GRANT EXECUTE ON FUNCTION %s TO %s".formatted(right, NAME);
    }

    static String revoke(String right) {
        return "REVOKE EXECUTE ON FUNCTION %s FROM %s".formatted(right, NAME);
    }
}
