package com.cybernance.continuity.postgres.backup;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Ticker;
import com.cybernance.continuity.spi.Vault;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Takes base backups of one PostgreSQL server, 15 to 18, over its replication protocol, or over SQL where replication
 * is refused. Each goes straight into a vault, compressed, and is checked while it passes: every file against the
 * manifest, every page against its checksum.
 * It is a backup only when the log that it needs is in the same vault too; {@code docs/format-postgres.md} describes what
 * lies there.
 *
 * <p>Needs a role with {@code LOGIN} and {@code REPLICATION}, or with the right to execute the functions that {@code
 * docs/provider-postgres.md} names, and the PostgreSQL driver on the class path. Thread-safe.
 * Takes a few MiB of memory for each backup that runs, and some 40 bytes for each file of the cluster.
 */
public final class PostgresBackups implements BackupTaker, AutoCloseable {
    private final Builder how;
    private final Executor executor;
    private final Ticker ticker;
    private final Map<Key, BackupRun> runs = new HashMap<>();

    private PostgresBackups(Builder how, Executor executor, Ticker ticker) {
        this.how = how.copy();
        this.executor = executor;
        this.ticker = ticker;
    }

    /**
     * Begins to describe how.
     *
     * @param jdbcUrl where the server is, as for the PostgreSQL driver
     * @param credentials {@code user} and {@code password}, asked for each connection
     */
    public static Builder of(String jdbcUrl, Supplier<Properties> credentials) {
        return new Builder(jdbcUrl, credentials);
    }

    @Override
    public void begin(String slot, Vault vault) {
        if (!slot.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "a backup's slot is no name",
                    "use lower-case letters, digits and hyphens, 64 at most");
        }
        Key key = new Key(slot, vault.name());
        BackupRun run;
        synchronized (runs) {
            BackupRun before = runs.get(key);
            if (before != null && !before.failed()) {
                return;
            }
            run = new BackupRun(
                    slot,
                    vault,
                    how.system,
                    new Ways(this::replication, this::session, how.overSql),
                    new Options(how.level, how.maxRate),
                    how.logPatience,
                    new Patience(ticker, how.silence));
            runs.put(key, run);
        }
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            synchronized (runs) {
                runs.remove(key, run);
            }
            throw new ContinuityException(
                    FailureKind.THROTTLED, "the executor takes no backup", "give it room, or begin again later", e);
        }
    }

    /**
     * {@inheritDoc} Where {@link Builder#system} was given, a backup that another process finished is found in the vault;
     * otherwise it is found when the slot is begun again.
     */
    @Override
    public Progress poll(String slot, Vault vault) {
        BackupRun run;
        synchronized (runs) {
            run = runs.get(new Key(slot, vault.name()));
        }
        if (run != null) {
            return run.progress();
        }
        if (how.system.isEmpty()) {
            return Progress.absent();
        }
        // Asks for nothing but reading: only who would rely on it must know that it is there for good.
        return Finished.find(vault, new Cluster(how.system), slot, object -> true)
                .map(record -> Finished.progress(vault, record))
                .orElseGet(Progress::absent);
    }

    @Override
    public void discard(String slot, Vault vault) {
        BackupRun run;
        synchronized (runs) {
            run = runs.remove(new Key(slot, vault.name()));
        }
        if (run != null) {
            run.end();
        }
    }

    /** Ends every backup that runs. What they completed stays. Does not wait for them. */
    @Override
    public void close() {
        synchronized (runs) {
            runs.values().forEach(BackupRun::end);
            runs.clear();
        }
    }

    private SqlSession session() {
        return SqlSession.open(how.jdbcUrl, how.credentials.get(), how.silence);
    }

    private ReplicationConnection replication() {
        return ReplicationConnection.open(how.jdbcUrl, how.credentials.get(), how.silence);
    }

    private record Key(String slot, String vault) {}

    /** How backups are taken. For one thread. */
    public static final class Builder {
        private final String jdbcUrl;
        private final Supplier<Properties> credentials;
        private String system = "";
        private int level = 3;
        private long maxRate;
        private boolean overSql;
        private Duration silence = Duration.ofMinutes(5);
        private Duration logPatience = Duration.ofSeconds(20);

        private Builder(String jdbcUrl, Supplier<Properties> credentials) {
            this.jdbcUrl = requireNonNull(jdbcUrl, "jdbcUrl");
            this.credentials = requireNonNull(credentials, "credentials");
        }

        /** The cluster's system identifier in decimal. A server of another one is then refused. */
        public Builder system(String identifier) {
            system = new Cluster(identifier).system();
            return this;
        }

        /** The level of compression, 1 to 19; 3 unless it is given. */
        public Builder level(int zstd) {
            if (zstd < 1 || zstd > 19) {
                throw new IllegalArgumentException("a level of %d, expected 1 to 19".formatted(zstd));
            }
            level = zstd;
            return this;
        }

        /** The most that the server sends, 32 to 1048576 KiB a second; no limit unless it is given. */
        public Builder maxRate(long kibibytesPerSecond) {
            if (kibibytesPerSecond < 32 || kibibytesPerSecond > 1_048_576) {
                throw new IllegalArgumentException(
                        "a rate of %d KiB/s, expected 32 to 1048576".formatted(kibibytesPerSecond));
            }
            maxRate = kibibytesPerSecond;
            return this;
        }

        /**
         * Takes backups over ordinary SQL sessions without trying replication first; {@code docs/format-postgres.md} says
         * what that needs and where it is weaker. Otherwise that is done only where replication is refused.
         */
        public Builder overSql() {
            overSql = true;
            return this;
        }

        /** How long the server may say nothing, its checkpoint at the beginning included; 5 minutes unless it is given. */
        public Builder silence(Duration most) {
            silence = most;
            return this;
        }

        /**
         * How long to wait for the log where somebody else receives it into the vault; 20 seconds unless it is given. After
         * that, and where nobody does, the backup fetches what it needs by itself.
         */
        public Builder logPatience(Duration most) {
            logPatience = most;
            return this;
        }

        /**
         * Builds it. Connects to nothing.
         *
         * @param executor runs backups, each on a thread of its own for as long as it takes; stays the caller's
         */
        public PostgresBackups build(Executor executor, Ticker ticker) {
            return new PostgresBackups(this, requireNonNull(executor, "executor"), requireNonNull(ticker, "ticker"));
        }

        private Builder copy() {
            Builder copy = new Builder(jdbcUrl, credentials);
            copy.system = system;
            copy.level = level;
            copy.maxRate = maxRate;
            copy.overSql = overSql;
            copy.silence = silence;
            copy.logPatience = logPatience;
            return copy;
        }
    }
}
