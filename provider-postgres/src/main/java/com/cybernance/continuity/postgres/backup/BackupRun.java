package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.Identity;
import com.cybernance.continuity.postgres.wire.Quoted;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ServerError;
import com.cybernance.continuity.postgres.wire.ServerVersion;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One backup from its beginning to its record in the vault. Runs once, on one thread; others ask and end it. */
final class BackupRun implements Runnable {
    private final String slot;
    private final Vault vault;
    private final String expectedSystem;
    private final Supplier<ReplicationConnection> route;
    private final Options options;
    private final Duration logPatience;
    private final Patience patience;
    private volatile Progress progress;
    private long shown = -1;
    private @Nullable ReplicationConnection open;

    /** @param expectedSystem {@code ""} for any */
    BackupRun(
            String slot,
            Vault vault,
            String expectedSystem,
            Supplier<ReplicationConnection> route,
            Options options,
            Duration logPatience,
            Patience patience) {
        this.slot = slot;
        this.vault = vault;
        this.expectedSystem = expectedSystem;
        this.route = route;
        this.options = options;
        this.logPatience = logPatience;
        this.patience = patience;
        this.progress = Progress.running("about to connect");
    }

    Progress progress() {
        return progress;
    }

    /** Whether it failed, so that it may be begun again. */
    boolean failed() {
        return progress.state() == Progress.State.FAILED;
    }

    /** Ends it soon. What blocks is broken. Idempotent. */
    void end() {
        ReplicationConnection breaking;
        synchronized (this) {
            breaking = open;
        }
        patience.end();
        if (breaking != null) {
            breaking.close();
        }
    }

    @Override
    public void run() {
        try {
            patience.check();
            try (ReplicationConnection connection = route.get()) {
                opened(connection);
                BackupRecord record = take(connection);
                progress = Finished.progress(vault, record);
            }
        } catch (ContinuityException e) {
            fail(e.kind(), String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            fail(FailureKind.UNEXPECTED, "writing to vault %s failed: %s".formatted(vault.name(), e.getMessage()));
        } catch (RuntimeException e) {
            fail(FailureKind.UNEXPECTED, "the backup failed: " + e.getClass().getName());
        } catch (Error e) {
            fail(FailureKind.UNEXPECTED, "the backup failed: " + e.getClass().getName());
            throw e;
        }
    }

    private void fail(FailureKind kind, String why) {
        progress = Progress.failed(kind, why);
    }

    private void opened(ReplicationConnection connection) {
        synchronized (this) {
            open = connection;
        }
        patience.check();
    }

    private BackupRecord take(ReplicationConnection connection) throws IOException {
        int version = ServerVersion.require(connection);
        Identity identity = connection.identify();
        if (!expectedSystem.isEmpty() && !identity.system().equals(expectedSystem)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the server is of system %s, expected %s".formatted(identity.system(), expectedSystem),
                    "point the route at the right cluster; a cluster that was made anew needs a target of its own");
        }
        Cluster cluster = new Cluster(identity.system());
        Optional<BackupRecord> finished = Finished.find(vault, cluster, slot);
        if (finished.isPresent()) {
            return finished.get();
        }
        String keeper = keepLog(connection);
        String label = "continuity " + slot;
        BaseCopy copy = new BaseCopy(connection, patience, vault, cluster, options, this::copied);
        Copied copied = copy.take(label);
        Instant stoppedAt = connection.serverClock();
        bringLog(connection, cluster, copied, keeper);
        BackupRecord record = new BackupRecord(
                copied.id(),
                identity.system(),
                version,
                copied.timeline(),
                copied.start(),
                copied.stop(),
                copied.startedAt(),
                stoppedAt,
                slot,
                label,
                copied.control().pageChecksums(),
                copied.pagesChecked(),
                copied.control().segmentSize(),
                BackupRecord.Method.REPLICATION,
                copied.parts(),
                copied.tablespaces());
        patience.check();
        Finished.commit(vault, record);
        return record;
    }

    private void copied(long bytes) {
        long mebibytes = bytes >> 20;
        if (mebibytes != shown) {
            shown = mebibytes;
            progress = Progress.running("copying: %d MiB came from the server".formatted(mebibytes));
        }
    }

    /**
     * Keeps the log that the backup needs on the server for as long as this connection lives. Without a free slot the
     * backup goes on, and fails if the server removes the log meanwhile.
     *
     * @return the slot's name; {@code ""} without one
     */
    private static String keepLog(ReplicationConnection connection) {
        String name = "continuity_" + UUID.randomUUID().toString().replace("-", "");
        try {
            connection.ask("CREATE_REPLICATION_SLOT %s TEMPORARY PHYSICAL (RESERVE_WAL)".formatted(Quoted.name(name)));
            return name;
        } catch (ServerError noneFree) {
            return "";
        }
    }

    /** Waits for whoever receives the log, and else fetches it. */
    private void bringLog(ReplicationConnection connection, Cluster cluster, Copied copied, String keeper)
            throws IOException {
        HistoryFiles.store(connection, vault, cluster, copied.timeline());
        Lsn from = copied.start().segmentStart(copied.control().segmentSize());
        long since = patience.now();
        LogCoverage coverage = LogCoverage.of(vault, cluster, copied.timeline(), from, copied.stop());
        while (!coverage.whole() && coverage.flowing() && patience.pause(since, logPatience)) {
            progress = Progress.running(
                    "copied; waiting for the log up to %s in vault %s".formatted(copied.stop(), vault.name()));
            coverage = LogCoverage.of(vault, cluster, copied.timeline(), from, copied.stop());
        }
        LogFetch fetch = new LogFetch(
                connection,
                patience,
                vault,
                cluster,
                copied.timeline(),
                copied.control().segmentSize(),
                options.level());
        for (LogCoverage.Gap gap : coverage.gaps()) {
            progress = Progress.running("copied; fetching the log from %s to %s".formatted(gap.from(), gap.to()));
            fetch.fetch(gap, keeper);
        }
        LogCoverage.of(vault, cluster, copied.timeline(), from, copied.stop()).require(vault);
        KnownHoles.refuse(vault, cluster, copied.timeline(), from, copied.stop());
    }
}
