package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongConsumer;

/**
 * A way to a server's files and log, open for one backup. For one thread, except {@link #close}, which any thread may call
 * to break a call that blocks.
 */
interface Way extends AutoCloseable {
    BackupRecord.Method method();

    /** Why it is not the usual way, to be told with the progress; {@code ""} when it is. */
    String remark();

    /** The server's {@code server_version_num}, which is one of 15 to 18. */
    int version();

    /** The cluster's system identifier in decimal. */
    String system();

    /**
     * Brings the files into the vault, and sees to it that the log which they need can be had until this is closed.
     *
     * @param progress is told how many bytes came so far
     */
    Copied copy(Cluster cluster, String label, LongConsumer progress) throws IOException;

    /** What the server's clock shows. */
    Instant clock();

    /** The server's history file of a timeline, byte for byte. */
    byte[] history(int timeline);

    /** Brings log of the copy's timeline into the vault. */
    void fetch(Cluster cluster, Copied copied, LogCoverage.Gap gap) throws IOException;

    @Override
    void close();
}
