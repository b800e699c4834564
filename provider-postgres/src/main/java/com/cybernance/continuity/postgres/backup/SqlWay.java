package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.wire.ServerError;
import com.cybernance.continuity.postgres.wire.ServerVersion;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongConsumer;

/** The other way: one ordinary session, over which the files and the log are read. */
final class SqlWay implements Way {
    private final SqlSession session;
    private final String remark;
    private final Patience patience;
    private final Vault vault;
    private final Options options;

    /** @param remark why it is this way */
    SqlWay(SqlSession session, String remark, Patience patience, Vault vault, Options options) {
        this.session = session;
        this.remark = remark;
        this.patience = patience;
        this.vault = vault;
        this.options = options;
    }

    @Override
    public BackupRecord.Method method() {
        return BackupRecord.Method.SQL;
    }

    @Override
    public String remark() {
        return remark;
    }

    @Override
    public int version() {
        return ServerVersion.require(session);
    }

    @Override
    public String system() {
        return SqlServer.system(session);
    }

    @Override
    public Copied copy(Cluster cluster, String label, LongConsumer progress) throws IOException {
        return new SqlCopy(session, patience, vault, cluster, options, keepsLog(), progress).take(label);
    }

    @Override
    public Instant clock() {
        return SqlServer.clock(session);
    }

    @Override
    public byte[] history(int timeline) {
        String path = "pg_wal/%08X.history".formatted(timeline);
        return new SqlFile(session)
                .read(path, 0, SqlFile.CHUNK)
                .orElseThrow(() -> new ContinuityException(
                        FailureKind.NOT_FOUND,
                        "the server has no history of timeline %d".formatted(timeline),
                        "put %s back from the archive".formatted(path)));
    }

    @Override
    public void fetch(Cluster cluster, Copied copied, LogCoverage.Gap gap) throws IOException {
        new SqlLog(
                        session,
                        patience,
                        vault,
                        cluster,
                        options.level(),
                        copied.timeline(),
                        copied.control().segmentSize(),
                        gap.from())
                .fetch(gap);
    }

    @Override
    public void close() {
        session.close();
    }

    /**
     * Whether the server keeps the log for as long as this session lives. A slot takes the right to replicate, which a role
     * may have though pg_hba.conf refuses its replication connections.
     */
    private boolean keepsLog() {
        try {
            return session.one(
                    "making a temporary slot",
                    "SELECT slot_name IS NOT NULL FROM pg_catalog.pg_create_physical_replication_slot(?::name, true, true)",
                    row -> row.truth(1),
                    LogKeeper.name());
        } catch (ServerError noRightOrNoneFree) {
            return false;
        }
    }
}
