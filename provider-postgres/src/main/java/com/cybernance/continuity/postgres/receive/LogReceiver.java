package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Ticker;
import com.cybernance.continuity.spi.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Receives the log of one PostgreSQL cluster, as a standby would, and ships it to vaults as {@code
 * docs/format-postgres.md} describes. What it tells the server to be flushed is durable in its spool; what every vault
 * has leaves the spool again. It follows the cluster over crashes, failovers and its own restarts, and what can no longer
 * be had is written down as a hole.
 *
 * <p>Nothing happens before {@link #start()}; from then on it works on threads of its own, one to receive and one for each
 * vault, and throws nothing: {@link #status()} tells. Thread-safe. It closes nothing that it was given.
 */
public final class LogReceiver implements AutoCloseable {
    private static final Duration LAST_SHIPPING = Duration.ofSeconds(10);

    private final StatusBoard board = new StatusBoard();
    private final Signal signal = new Signal();
    private final Shipping shipping;
    private final ReceiverLoop loop;
    private final Terms terms;
    private @Nullable Thread thread;
    private boolean closed;

    private LogReceiver(Terms terms, SpoolDisk disk, StateStore state, List<Vault> vaults) {
        this.terms = terms;
        this.shipping = new Shipping(terms, state, vaults, signal, board);
        this.loop = new ReceiverLoop(terms, disk, board, signal, shipping);
    }

    /**
     * Begins a receiver.
     *
     * @param jdbcUrl the way to one server, as the PostgreSQL driver has it, with one host
     * @param driver {@code user} and {@code password} of a role with {@code REPLICATION}, and what else the driver needs
     * @param spool a directory for this receiver alone, on a disk that can lose power
     */
    public static Builder of(String jdbcUrl, Properties driver, Path spool) {
        return new Builder(jdbcUrl, driver, spool);
    }

    /**
     * Begins to receive.
     *
     * @throws ContinuityException of kind {@code MISCONFIGURED} when it was started or closed before
     */
    public synchronized void start() {
        if (thread != null || closed) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the log receiver was %s before".formatted(closed ? "closed" : "started"),
                    "build another one");
        }
        Thread receiving = new Thread(loop, "continuity-log-receiver");
        receiving.setDaemon(true);
        receiving.start();
        thread = receiving;
    }

    /** Where it stands at this moment. */
    public ReceiverStatus status() {
        Spool spool = loop.spool();
        List<Hole> holes = spool == null ? List.of() : spool.notes().holes();
        return board.status(shipping.progress(), spool == null ? 0 : spool.bytes(), holes);
    }

    /**
     * Ends the reception, then ships what is left for at most ten seconds. What is not shipped by then stays in the spool.
     * Returns within about fifteen seconds, whatever servers and vaults do. Idempotent.
     */
    @Override
    public void close() {
        Thread receiving;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            receiving = thread;
        }
        loop.end();
        boolean interrupted = false;
        if (receiving != null) {
            interrupted = !Shipping.join(receiving, Duration.ofSeconds(3).toNanos());
        }
        shipping.close(LAST_SHIPPING);
        Spool spool = loop.spool();
        if (spool != null) {
            spool.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "log receiver with slot %s and spool %s".formatted(terms.slot(), terms.directory());
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final List<String> servers = new ArrayList<>();
        private final Properties driver;
        private final Path spool;
        private final List<Vault> vaults = new ArrayList<>();
        private @Nullable StateStore state;
        private @Nullable InstantSource clock;
        private @Nullable Ticker ticker;
        private SpoolDisk disk = new LocalSpoolDisk();
        private String slot = "continuity";
        private @Nullable String applicationName;
        private @Nullable String system;
        private Duration shipEvery = Duration.ofSeconds(10);
        private long spoolLimit = 4L << 30;
        private Duration silence = Duration.ofSeconds(60);
        private Duration patience = Duration.ofSeconds(90);

        private Builder(String jdbcUrl, Properties driver, Path spool) {
            servers.add(jdbcUrl);
            this.driver = driver;
            this.spool = spool;
        }

        /**
         * The way to another server of the cluster. They are tried in turn until one answers that takes the writes and goes
         * on where the received log ends.
         */
        public Builder server(String jdbcUrl) {
            servers.add(jdbcUrl);
            return this;
        }

        /** A vault that the log is shipped to. At least one; each is shipped to on its own. */
        public Builder vault(Vault vault) {
            vaults.add(vault);
            return this;
        }

        /** Where the lease is taken that makes this the only receiver of its lineage. */
        public Builder state(StateStore store) {
            state = store;
            return this;
        }

        /** The time that records carry, and the ticker that measures waits. */
        public Builder time(InstantSource wall, Ticker since) {
            clock = wall;
            ticker = since;
            return this;
        }

        /** The physical replication slot, made when it is absent; {@code continuity} by default. */
        public Builder slot(String name) {
            slot = name;
            return this;
        }

        /** What {@code synchronous_standby_names} would call it; the slot's name by default. */
        public Builder applicationName(String name) {
            applicationName = name;
            return this;
        }

        /** The system identifier that the server must have; by default that of the first server that was met. */
        public Builder system(String identifier) {
            system = identifier;
            return this;
        }

        /** The most that a received byte waits before it is shipped; ten seconds by default. */
        public Builder shipEvery(Duration most) {
            shipEvery = most;
            return this;
        }

        /**
         * The most that the spool holds while a vault does not take what is shipped to it; 4 GiB by default. Beyond that
         * nothing is received, and the slot keeps the log on the server.
         *
         * @param bytes at least three segments
         */
        public Builder spoolLimit(long bytes) {
            spoolLimit = bytes;
            return this;
        }

        /** How long the server may say nothing before the connection is given up; a minute by default. */
        public Builder silence(Duration most) {
            silence = most;
            return this;
        }

        /**
         * How long an unwelcome state of the server is waited out before the receiver ends: somebody else uses the slot, or
         * the server is an old one; 90 seconds by default, more than a server takes to notice that a receiver is gone.
         */
        public Builder patience(Duration most) {
            patience = most;
            return this;
        }

        /** Another file system than the machine's, for tests. */
        Builder disk(SpoolDisk other) {
            disk = other;
            return this;
        }

        /**
         * Does no I/O.
         *
         * @throws ContinuityException of kind {@code MISCONFIGURED} that lists every mistake
         */
        public LogReceiver build() {
            List<String> mistakes = new ArrayList<>();
            StateStore store = state;
            InstantSource wall = clock;
            Ticker since = ticker;
            if (vaults.isEmpty()) {
                mistakes.add("no vault");
            }
            if (vaults.stream().map(Vault::name).distinct().count() < vaults.size()) {
                mistakes.add("two vaults of one name");
            }
            if (store == null) {
                mistakes.add("no state store for the lease");
            }
            if (wall == null || since == null) {
                mistakes.add("no time was handed in");
            }
            if (!slot.matches("[a-z0-9_]{1,63}")) {
                mistakes.add("slot is '%s', expected 1 to 63 of a-z, 0-9 and _".formatted(slot));
            }
            notLess(mistakes, "shipEvery", shipEvery, Duration.ofMillis(1));
            notLess(mistakes, "silence", silence, Duration.ofSeconds(10));
            notLess(mistakes, "patience", patience, Duration.ZERO);
            if (store == null || wall == null || since == null || !mistakes.isEmpty()) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "the log receiver cannot be built: %s".formatted(String.join("; ", mistakes)),
                        "correct all of them");
            }
            String name = applicationName == null ? slot : applicationName;
            Properties properties = new Properties();
            driver.stringPropertyNames().forEach(key -> properties.setProperty(key, driver.getProperty(key)));
            properties.setProperty("ApplicationName", name);
            return new LogReceiver(
                    new Terms(
                            servers,
                            properties,
                            spool,
                            slot,
                            name,
                            Optional.ofNullable(system),
                            shipEvery,
                            spoolLimit,
                            silence,
                            patience,
                            wall,
                            since),
                    disk,
                    store,
                    vaults);
        }

        private static void notLess(List<String> mistakes, String what, Duration is, Duration least) {
            if (is.compareTo(least) < 0) {
                mistakes.add("%s is %s, expected at least %s".formatted(what, is, least));
            }
        }
    }
}
