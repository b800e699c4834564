package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;

/** Which servers the log and whole backups are asked of. */
public final class ServerVersion {
    private static final int OLDEST = 150_000;
    private static final int NEWEST = 189_999;

    private ServerVersion() {}

    /**
     * Asks a server for its version.
     *
     * @return its {@code server_version_num}
     * @throws ContinuityException of kind {@code UNSUPPORTED} when it is none from 15 to 18
     */
    public static int require(ReplicationConnection server) {
        return require(server.show("server_version_num"));
    }

    /** As above, of the server at the other end of a session. */
    public static int require(SqlSession session) {
        return require(session.show("server_version_num"));
    }

    static int require(String number) {
        int version = Integer.parseInt(number);
        if (version < OLDEST || version > NEWEST) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "the server runs PostgreSQL %d, expected 15 to 18".formatted(version / 10_000),
                    "take the release of this library that knows the version");
        }
        return version;
    }
}
