package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.ClientProbe;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL primary and its standbys, seen through SQL alone: versions 15 to 18, self-hosted or managed. Needs a role
 * with {@code pg_monitor} and no more. A look opens its own connections, reads in read-only transactions, and leaves
 * the database untouched unless a canary was asked for.
 *
 * <p>Thread-safe. The target opens nothing before it looks and closes only what it opened.
 */
public final class PostgresTarget implements BackupTarget {
    private final Estate estate;
    private final PostgresReplication replication;
    private final PostgresSettings settings;
    private final PostgresInventory inventory;
    private final Optional<ClientProbe> clientProbe;
    private final Optional<RestorePointSource> restorePoints;

    private PostgresTarget(Builder built) {
        estate = new Estate(built.id, built.places, built.silenceLimit, built.patience);
        Ticker ticker = built.canary;
        replication = new PostgresReplication(
                estate,
                writer(built),
                servers(built),
                ticker == null ? Optional.empty() : Optional.of(new CanaryFlight(ticker, built.patience)));
        settings = new PostgresSettings(estate, writer(built), servers(built), built.serverLog);
        inventory = new PostgresInventory(estate, writer(built));
        restorePoints = Optional.ofNullable(built.restorePoints);
        DataSource client = built.client;
        clientProbe = client == null
                ? Optional.empty()
                : Optional.of(new PostgresClientProbe(estate, new Route(client, "the client route"), ticker != null));
    }

    /**
     * Begins a target.
     *
     * @param id its name, for example {@code postgres:main}; see {@link TargetId}
     * @param writerRoute the way to the server that takes the writes, for the watcher's role. Any data source will do; it
     *     is asked for a connection on a thread of the target's own, so its timeouts need not match the deadlines
     */
    public static Builder of(String id, DataSource writerRoute) {
        return new Builder(TargetId.of(id), writerRoute);
    }

    @Override
    public TargetId id() {
        return estate.id();
    }

    @Override
    public Optional<ReplicationSource> replication() {
        return Optional.of(replication);
    }

    @Override
    public Optional<SettingSource> settings() {
        return Optional.of(settings);
    }

    @Override
    public Optional<InventorySource> inventory() {
        return Optional.of(inventory);
    }

    @Override
    public Optional<ClientProbe> clientProbe() {
        return clientProbe;
    }

    @Override
    public Optional<RestorePointSource> restorePoints() {
        return restorePoints;
    }

    @Override
    public String toString() {
        return "PostgreSQL target " + estate.id();
    }

    /** Each facet looks on its own, maybe at the same time as the others, so each has its own way in. */
    private static Route writer(Builder built) {
        return new Route(built.writer, "the writer route");
    }

    private static Map<String, Route> servers(Builder built) {
        Map<String, Route> servers = new LinkedHashMap<>();
        built.servers.forEach((name, source) -> servers.put(name, new Route(source, "the route to server " + name)));
        return servers;
    }

    /** Not thread-safe; may build several targets. */
    public static final class Builder {
        private final TargetId id;
        private final DataSource writer;
        private final Map<String, DataSource> servers = new LinkedHashMap<>();
        private final Map<String, Place> places = new LinkedHashMap<>();
        private @Nullable DataSource client;
        private @Nullable Ticker canary;
        private @Nullable RestorePointSource restorePoints;
        private boolean serverLog;
        private Duration silenceLimit = Duration.ofSeconds(15);
        private Duration patience = Duration.ofSeconds(2);

        private Builder(TargetId id, DataSource writer) {
            this.id = id;
            this.writer = writer;
        }

        /**
         * A server that belongs to the cluster, and the way to it: for its own word on its place, its replay position
         * and the canary's arrival. It is expected from now on: without a connection it counts as disconnected.
         *
         * @param name its {@code application_name} as a standby, and its {@code cluster_name} where it has one
         */
        public Builder server(String name, DataSource route) {
            servers.put(name, route);
            places.putIfAbsent(name, Place.UNKNOWN);
            return this;
        }

        /**
         * Where a server is said to be. What looks observe is added beside it, never instead. The server is expected
         * from now on, as with {@link #server}.
         *
         * @param name as in {@link #server}; for the primary its {@code cluster_name}, or {@code primary} without one
         */
        public Builder place(String name, Place place) {
            places.put(name, place);
            return this;
        }

        /** The way that clients take, for a role of their kind. Without it there is no client probe. */
        public Builder client(DataSource route) {
            client = route;
            return this;
        }

        /**
         * What its vaults hold, usually {@code VaultedPoints} for a member of this target. No server is asked for it.
         * Without it there is no such facet.
         */
        public Builder restorePoints(RestorePointSource source) {
            restorePoints = source;
            return this;
        }

        /**
         * From now on looks write: the replication look updates the canary's row over the writer route, the client probe
         * over the client route. {@link PostgresCanary#install} must have been run for both roles.
         *
         * @param ticker measures how old each canary is
         */
        public Builder canary(Ticker ticker) {
            canary = ticker;
            return this;
        }

        /**
         * Reads the end of the server's log for waits that were cancelled, which no view shows. Needs rights that {@code
         * pg_monitor} lacks; without them the durability settings are blind and say which.
         */
        public Builder readServerLog() {
            serverLog = true;
            return this;
        }

        /**
         * How long a connection that has nothing to confirm may say nothing before it counts as disconnected; 15 seconds
         * by default. More than the {@code wal_receiver_status_interval} of the standbys, which is 10 seconds by default.
         */
        public Builder silenceLimit(Duration limit) {
            silenceLimit = limit;
            return this;
        }

        /**
         * How long a look waits for a standby to confirm what the primary had when the look began; 2 seconds by default,
         * and never more than a third of the look's time.
         */
        public Builder patience(Duration most) {
            patience = most;
            return this;
        }

        /**
         * Does no I/O.
         *
         * @throws ContinuityException of kind {@code MISCONFIGURED} that lists every mistake
         */
        public PostgresTarget build() {
            List<String> mistakes = new ArrayList<>();
            if (silenceLimit.isNegative() || silenceLimit.isZero()) {
                mistakes.add("silenceLimit is %s, expected more than zero".formatted(silenceLimit));
            }
            if (patience.isNegative() || patience.isZero()) {
                mistakes.add("patience is %s, expected more than zero".formatted(patience));
            }
            places.keySet().stream()
                    .filter(String::isBlank)
                    .forEach(blank -> mistakes.add("a server has an empty name"));
            if (!mistakes.isEmpty()) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "target %s cannot be built: %s".formatted(id, String.join("; ", mistakes)),
                        "correct all of them");
            }
            return new PostgresTarget(this);
        }
    }
}
