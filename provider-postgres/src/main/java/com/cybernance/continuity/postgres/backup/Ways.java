package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ReplicationRefused;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.spi.Vault;
import java.util.function.Supplier;

/**
 * Chooses the way. Replication comes first: the server knows best what belongs to a backup, and it is faster. An ordinary
 * session serves where replication is refused for a reason of its own, and where the embedder wishes it. What would fail
 * for both, such as a wrong password or a server that is gone, is no reason to try the other one.
 *
 * @param overSql whether to take the session without trying replication
 */
record Ways(Supplier<ReplicationConnection> replication, Supplier<SqlSession> sql, boolean overSql) {

    Way open(Patience patience, Vault vault, Options options) {
        if (overSql) {
            return new SqlWay(session(), "as was asked for", patience, vault, options);
        }
        try {
            return new ReplicationWay(replication.get(), patience, vault, options);
        } catch (ReplicationRefused refused) {
            return instead(refused, patience, vault, options);
        }
    }

    private Way instead(ReplicationRefused refused, Patience patience, Vault vault, Options options) {
        try {
            return new SqlWay(
                    session(), "because replication was refused: " + refused.said(), patience, vault, options);
        } catch (ContinuityException neither) {
            ContinuityException both = new ContinuityException(
                    refused.kind(),
                    "neither way leads to a backup: by replication, %s; over SQL, %s"
                            .formatted(refused.said(), neither.getMessage()),
                    refused.hint(),
                    refused);
            both.addSuppressed(neither);
            throw both;
        }
    }

    private SqlSession session() {
        SqlSession session = sql.get();
        try {
            SqlRights.require(session);
            return session;
        } catch (ContinuityException e) {
            session.close();
            throw e;
        }
    }
}
