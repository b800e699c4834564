package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One backup from its beginning to its record in the vault. Runs once, on one thread; others ask and end it. */
final class BackupRun implements Runnable {
    private final String slot;
    private final Vault vault;
    private final String expectedSystem;
    private final Ways ways;
    private final Options options;
    private final Duration logPatience;
    private final Patience patience;
    private volatile Progress progress;
    private long shown = -1;
    private @Nullable Way open;

    /** @param expectedSystem {@code ""} for any */
    BackupRun(
            String slot,
            Vault vault,
            String expectedSystem,
            Ways ways,
            Options options,
            Duration logPatience,
            Patience patience) {
        this.slot = slot;
        this.vault = vault;
        this.expectedSystem = expectedSystem;
        this.ways = ways;
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
        Way breaking;
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
            try (Way way = ways.open(patience, vault, options)) {
                opened(way);
                BackupRecord record = take(way);
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

    private void opened(Way way) {
        synchronized (this) {
            open = way;
        }
        patience.check();
    }

    private BackupRecord take(Way way) throws IOException {
        int version = way.version();
        String system = way.system();
        if (!expectedSystem.isEmpty() && !system.equals(expectedSystem)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the server is of system %s, expected %s".formatted(system, expectedSystem),
                    "point the route at the right cluster; a cluster that was made anew needs a target of its own");
        }
        Cluster cluster = new Cluster(system);
        // What is listed may not be there for good yet.
        Optional<BackupRecord> finished = Finished.find(vault, cluster, slot, object -> Kept.surely(vault, object));
        if (finished.isPresent()) {
            return finished.get();
        }
        String label = "continuity " + slot;
        Copied copied = way.copy(cluster, label, bytes -> copied(way, bytes));
        Instant stoppedAt = way.clock();
        bringLog(way, cluster, copied);
        BackupRecord record = new BackupRecord(
                copied.id(),
                system,
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
                way.method(),
                copied.parts(),
                copied.tablespaces());
        patience.check();
        Finished.commit(vault, record);
        return record;
    }

    private void copied(Way way, long bytes) {
        long mebibytes = bytes >> 20;
        if (mebibytes != shown) {
            shown = mebibytes;
            progress = Progress.running("copying%s: %d MiB came from the server".formatted(told(way), mebibytes));
        }
    }

    private static String told(Way way) {
        return way.remark().isEmpty() ? "" : " over SQL, " + way.remark();
    }

    /** Waits for whoever receives the log, and else fetches it. */
    private void bringLog(Way way, Cluster cluster, Copied copied) throws IOException {
        HistoryFiles.store(way::history, vault, cluster, copied.timeline());
        NeededLog needed = NeededLog.of(vault, cluster, copied);
        long since = patience.now();
        LogCoverage coverage = needed.coverage();
        while (!coverage.whole() && coverage.flowing() && patience.pause(since, logPatience)) {
            progress = Progress.running(
                    "copied; waiting for the log up to %s in vault %s".formatted(copied.stop(), vault.name()));
            coverage = needed.coverage();
        }
        fetch(way, cluster, copied, coverage.gaps());
        fetch(way, cluster, copied, needed.lost());
        needed.require();
    }

    private void fetch(Way way, Cluster cluster, Copied copied, List<LogCoverage.Gap> gaps) throws IOException {
        for (LogCoverage.Gap gap : gaps) {
            progress = Progress.running("copied; fetching the log from %s to %s".formatted(gap.from(), gap.to()));
            way.fetch(cluster, copied, gap);
        }
    }
}
