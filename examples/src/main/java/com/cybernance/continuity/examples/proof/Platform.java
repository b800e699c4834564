package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.Continuity;
import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.postgres.PostgresCanary;
import com.cybernance.continuity.postgres.PostgresTarget;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the proof judges: a real pair of servers under load, and a policy bound to it. All of its files are in the run
 * directory of the pair and go with it.
 */
final class Platform implements AutoCloseable {
    static final Estate ESTATE = Estate.rehearsal("the proof: two PostgreSQL servers on this machine");

    private static final List<String> SUBJECTS = List.of("database", "platform");
    private static final String WATCHER = "continuity_monitor";
    private static final String CLIENT = "app_writer";
    private static final String WHO_DECLARES = "the proof";

    private final PostgresPair pair;
    private final DirectoryStateStore state;
    private final Continuity continuity;
    private final Load load;

    private Platform(PostgresPair pair, DirectoryStateStore state, Continuity continuity, Load load) {
        this.pair = pair;
        this.state = state;
        this.continuity = continuity;
        this.load = load;
    }

    /** Starts the servers and the clients. Takes a few seconds. */
    static Platform start(Policy policy) {
        PostgresPair pair = PostgresPair.start();
        try {
            PostgresTarget database = target(pair);
            DirectoryStateStore state =
                    DirectoryStateStore.open(pair.directory().resolve("state"));
            Continuity.Builder builder = Continuity.of(policy)
                    .estate(ESTATE)
                    .lookWithin(Duration.ofSeconds(10))
                    .state(state);
            Set<String> promised =
                    policy.clauses().stream().map(Clause::subject).collect(Collectors.toSet());
            SUBJECTS.stream().filter(promised::contains).forEach(subject -> builder.protect(subject, database));
            Path clients = Files.createDirectory(pair.directory().resolve("clients"));
            return new Platform(
                    pair, state, builder.build(), Load.start(pair.primary().dataSource(CLIENT), clients));
        } catch (IOException | RuntimeException e) {
            pair.close();
            throw e instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) e;
        }
    }

    private static PostgresTarget target(PostgresPair pair) {
        PostgresServer primary = pair.primary();
        PostgresServer standby = pair.standby();
        PostgresCanary.install(primary.dataSource(PostgresServer.SUPERUSER), List.of(WATCHER, CLIENT));
        return PostgresTarget.of("postgres:pair", primary.dataSource(WATCHER))
                .server(primary.name(), primary.dataSource(WATCHER))
                .server(standby.name(), standby.dataSource(WATCHER))
                .place(primary.name(), Place.declared(Factor.DATA_CENTRE, primary.dataCentre(), WHO_DECLARES))
                .place(standby.name(), Place.declared(Factor.DATA_CENTRE, standby.dataCentre(), WHO_DECLARES))
                .client(primary.dataSource(CLIENT))
                .canary(System::nanoTime)
                .build();
    }

    /** Looks once and judges. */
    Report check() {
        return continuity.check();
    }

    PostgresPair pair() {
        return pair;
    }

    Load load() {
        return load;
    }

    /** Ends the clients, and compares what they were told with what the standby has. */
    Agreement endLoad() {
        load.close();
        return Agreement.of(load.logged(), pair);
    }

    @Override
    public void close() {
        load.close();
        continuity.close();
        state.close();
        pair.close();
    }
}
