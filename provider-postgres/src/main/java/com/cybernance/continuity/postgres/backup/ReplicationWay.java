package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.wire.Quoted;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ServerError;
import com.cybernance.continuity.postgres.wire.ServerVersion;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongConsumer;

/** The usual way: the server makes the copy and sends it, and its log, by the replication protocol. */
final class ReplicationWay implements Way {
    private final ReplicationConnection connection;
    private final Patience patience;
    private final Vault vault;
    private final Options options;
    private String keeper = "";

    ReplicationWay(ReplicationConnection connection, Patience patience, Vault vault, Options options) {
        this.connection = connection;
        this.patience = patience;
        this.vault = vault;
        this.options = options;
    }

    @Override
    public BackupRecord.Method method() {
        return BackupRecord.Method.REPLICATION;
    }

    @Override
    public String remark() {
        return "";
    }

    @Override
    public int version() {
        return ServerVersion.require(connection);
    }

    @Override
    public String system() {
        return connection.identify().system();
    }

    @Override
    public Copied copy(Cluster cluster, String label, LongConsumer progress) throws IOException {
        keeper = keepLog();
        return new BaseCopy(connection, patience, vault, cluster, options, progress).take(label);
    }

    @Override
    public Instant clock() {
        return connection.serverClock();
    }

    @Override
    public byte[] history(int timeline) {
        return connection.timelineHistory(timeline);
    }

    @Override
    public void fetch(Cluster cluster, Copied copied, LogCoverage.Gap gap) throws IOException {
        new LogFetch(
                        connection,
                        patience,
                        vault,
                        cluster,
                        copied.timeline(),
                        copied.control().segmentSize(),
                        options.level())
                .fetch(gap, keeper);
    }

    @Override
    public void close() {
        connection.close();
    }

    /**
     * Keeps the log that the backup needs on the server for as long as this connection lives. Without a free slot the
     * backup goes on, and fails if the server removes the log meanwhile.
     *
     * @return the slot's name; {@code ""} without one
     */
    private String keepLog() {
        String name = LogKeeper.name();
        try {
            connection.ask("CREATE_REPLICATION_SLOT %s TEMPORARY PHYSICAL (RESERVE_WAL)".formatted(Quoted.name(name)));
            return name;
        } catch (ServerError noneFree) {
            return "";
        }
    }
}
