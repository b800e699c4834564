package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.wire.ServerVersion;
import com.cybernance.continuity.postgres.wire.SqlSession;
import java.util.List;

/**
 * What a role must be allowed to execute for a backup over SQL. Membership in {@code pg_read_server_files} is not asked
 * for: it opens every file of the machine, and these functions alone open the data directory.
 */
final class SqlRights {
    private static final List<String> NEEDED = List.of(
            "pg_backup_start(text,boolean)",
            "pg_backup_stop(boolean)",
            "pg_ls_dir(text,boolean,boolean)",
            "pg_stat_file(text,boolean)",
            "pg_read_binary_file(text,bigint,bigint,boolean)");

    private SqlRights() {}

    /** Fails with what is missing, before anything is begun. */
    static void require(SqlSession session) {
        // The names of the functions are others before 15.
        ServerVersion.require(session);
        List<String> missing = NEEDED.stream()
                .filter(function -> !session.one(
                        "asking for rights",
                        "SELECT pg_catalog.has_function_privilege('pg_catalog.' || ?, 'EXECUTE')",
                        row -> row.truth(1),
                        function))
                .toList();
        if (!missing.isEmpty()) {
            String functions = String.join(", ", missing);
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "the role may not execute %s".formatted(functions),
                    "in database %s run GRANT EXECUTE ON FUNCTION %s TO the role"
                            .formatted(
                                    session.one(
                                            "asking for the database",
                                            "SELECT pg_catalog.current_database()",
                                            row -> row.text(1)),
                                    functions));
        }
    }
}
