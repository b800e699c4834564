package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.Continuity;
import com.cybernance.continuity.Operator;
import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.postgres.PostgresCanary;
import com.cybernance.continuity.postgres.PostgresTarget;
import com.cybernance.continuity.restore.DrillLog;
import com.cybernance.continuity.restore.RestoreGoal;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
    private static final TargetId TARGET = TargetId.of("postgres:pair");
    /** A moment before a base backup cannot be reached, so there has to be some time after it. */
    private static final Duration DRILL_AFTER = Duration.ofSeconds(8);

    private static final String WATCHER = "continuity_monitor";
    private static final String CLIENT = "app_writer";
    private static final String WHO_DECLARES = "the proof";

    private final PostgresPair pair;
    private final Backups backups;
    private final PostgresTarget database;
    private final Continuity continuity;
    private final Load load;
    private final Instant basedAt;
    private final Closers open;

    private Platform(
            PostgresPair pair,
            Backups backups,
            PostgresTarget database,
            Continuity continuity,
            Load load,
            Instant basedAt,
            Closers open) {
        this.pair = pair;
        this.backups = backups;
        this.database = database;
        this.continuity = continuity;
        this.load = load;
        this.basedAt = basedAt;
        this.open = open;
    }

    /** Starts the servers and the clients. Takes a few seconds. */
    static Platform start(Policy policy) {
        Closers open = new Closers();
        try {
            return start(policy, open);
        } catch (IOException e) {
            open.closeAfter(e);
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            open.closeAfter(e);
            throw e;
        }
    }

    private static Platform start(Policy policy, Closers open) throws IOException {
        PostgresPair pair = PostgresPair.start();
        open.add(pair::close);
        DirectoryStateStore state = DirectoryStateStore.open(pair.directory().resolve("state"));
        open.add(state::close);
        MovableClock clock = new MovableClock(pair.directory().resolve("clock-offset"));
        Backups backups = Backups.start(pair, state, TARGET, clock);
        open.add(backups::close);
        Verification verification = backups.verification();
        PostgresTarget database = target(pair, backups);
        Continuity.Builder builder = Continuity.of(policy)
                .estate(ESTATE)
                .lookWithin(Duration.ofSeconds(10))
                .state(state)
                .clock(clock)
                .drills(() -> drills(state, verification));
        Set<String> promised = policy.clauses().stream().map(Clause::subject).collect(Collectors.toSet());
        SUBJECTS.stream().filter(promised::contains).forEach(subject -> builder.protect(subject, database));
        Path clients = Files.createDirectory(pair.directory().resolve("clients"));
        Load load = Load.start(pair.primary().dataSource(CLIENT), clients);
        open.add(load::close);
        backups.takeBase(database, "from-the-start");
        Instant basedAt = InstantSource.system().instant();
        Continuity continuity = builder.build();
        open.add(continuity::close);
        return new Platform(pair, backups, database, continuity, load, basedAt, open);
    }

    private static PostgresTarget target(PostgresPair pair, Backups backups) {
        PostgresServer primary = pair.primary();
        PostgresServer standby = pair.standby();
        PostgresCanary.install(primary.dataSource(PostgresServer.SUPERUSER), List.of(WATCHER, CLIENT));
        return PostgresTarget.of(TARGET.value(), primary.dataSource(WATCHER))
                .server(primary.name(), primary.dataSource(WATCHER))
                .server(standby.name(), standby.dataSource(WATCHER))
                .place(primary.name(), Place.declared(Factor.DATA_CENTRE, primary.dataCentre(), WHO_DECLARES))
                .place(standby.name(), Place.declared(Factor.DATA_CENTRE, standby.dataCentre(), WHO_DECLARES))
                // It stands beside the servers and reads their log, so what it shares with a vault must be known.
                .place(Backups.RECEIVER, Place.declared(Factor.DATA_CENTRE, "centre", WHO_DECLARES))
                .client(primary.dataSource(CLIENT))
                .canary(System::nanoTime)
                .restorePoints(backups.points())
                .build();
    }

    /** Looks once and judges. */
    Report check() {
        return continuity.check();
    }

    private static List<DrillRecord> drills(StateStore state, Verification verification) {
        List<DrillRecord> drills = new ArrayList<>(DrillLog.read(state));
        drills.addAll(verification.failed());
        return drills;
    }

    /** Kills both servers while clients write, destroys one vault, and restores from the other one. */
    Disaster disaster(Rhythm rhythm) throws InterruptedException {
        rhythm.await(basedAt, DRILL_AFTER);
        pair.primary().kill();
        // Later than the last commit that anybody was told of, so that the loss is not told too small.
        Instant at = rhythm.now();
        pair.standby().kill();
        backups.vaults().destroy(Vaults.EAST);
        return drill(
                "both servers (SIGKILL, while clients wrote) and vault %s (its directory removed)"
                        .formatted(Vaults.EAST),
                at,
                rhythm);
    }

    /** Restores from one vault while everything runs. */
    Disaster drill(Rhythm rhythm) throws InterruptedException {
        rhythm.await(basedAt, DRILL_AFTER);
        return drill("", rhythm.now(), rhythm);
    }

    private Disaster drill(String lost, Instant at, Rhythm rhythm) throws InterruptedException {
        return Disaster.drill(
                ledger -> backups.operator(database, List.of(ledger)),
                backups.resource(),
                backups.vaults().onlineKey(),
                lost,
                at,
                load.written(),
                pair.directory().resolve("restored"),
                rhythm);
    }

    /** Restores from the sealed vault with the recovery key alone, to a moment before this one. */
    Disaster recover(Instant before, Rhythm rhythm) throws InterruptedException {
        return Disaster.drill(
                ledger -> backups.withRecoveryKey(TARGET, List.of(ledger)),
                backups.resource(),
                backups.vaults().recoveryKey(),
                "",
                before,
                load.written(),
                pair.directory().resolve("restored-with-the-recovery-key"),
                rhythm);
    }

    /** Whether the platform cannot restore from the sealed vault now, and that because of its key. */
    boolean isShutOut(Instant before) {
        RestoreGoal goal = RestoreGoal.of(
                        backups.resource(),
                        RecoverTo.moment(before),
                        pair.directory().resolve("restored").toString())
                .without(Factor.DATA_CENTRE, Vaults.EAST)
                .keys(backups.vaults().onlineKey());
        try (Operator operator = backups.operator(database, List.of())) {
            operator.plan(Backups.SUBJECT, goal);
            return false;
        } catch (ContinuityException refused) {
            String why = String.valueOf(refused.getMessage());
            return backups.vaults().onlineKey().stream().allMatch(why::contains);
        }
    }

    /** Starts the killed servers again, on the disks that they had, and puts a new vault in the place of the lost one. */
    void bringBack() {
        pair.primary().start();
        pair.standby().start();
        backups.replace(database, Vaults.EAST, "after-the-disaster");
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
        open.close();
    }
}
