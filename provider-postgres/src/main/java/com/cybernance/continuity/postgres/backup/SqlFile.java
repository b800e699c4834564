package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.wire.SqlSession;
import java.util.Optional;

/** Reads the files of a server, by their paths in its data directory, over a session. For one thread. */
final class SqlFile {
    /** How much is asked for at once, in bytes; a multiple of a page. */
    static final int CHUNK = 1 << 20;

    private static final String READ =
            "SELECT pg_catalog.pg_read_binary_file(?::text, ?::bigint, ?::bigint, true) AS content";

    private final SqlSession session;

    SqlFile(SqlSession session) {
        this.session = session;
    }

    /**
     * Reads a part; shorter where the file ends before.
     *
     * @return empty when there is no such file
     */
    Optional<byte[]> read(String path, long offset, int length) {
        return session.one(
                "reading " + path, READ, row -> Optional.ofNullable(row.bytes(1)), path, offset, (long) length);
    }
}
