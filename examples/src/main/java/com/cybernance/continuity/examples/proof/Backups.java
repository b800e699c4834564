package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.Operator;
import com.cybernance.continuity.OperatorBuilder;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.postgres.receive.LogReceiver;
import com.cybernance.continuity.postgres.receive.ReceiverStatus;
import com.cybernance.continuity.postgres.recover.LedgerCheck;
import com.cybernance.continuity.postgres.recover.PostgresRestorer;
import com.cybernance.continuity.postgres.recover.PostgresVerifier;
import com.cybernance.continuity.restore.Timing;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The vaults filled from the primary, by a role of its own: base backups, and the log as it is written. For one thread at
 * a time.
 */
final class Backups implements AutoCloseable {
    static final String SUBJECT = "database";

    /** What the primary calls the receiver of its log. */
    static final String RECEIVER = "continuity";

    private static final String ROLE = "continuity_backup";
    private static final String SLOT_KEEPS = "1GB";
    private static final Duration SHIP_EVERY = Duration.ofSeconds(1);
    private static final Duration STEP_WITHIN = Duration.ofMinutes(2);

    private final PostgresPair pair;
    private final StateStore state;
    private final ResourceId resource;
    private final String system;
    private final Vaults vaults;
    private final VaultedPoints points;
    private final InstantSource clock;
    private final String password;
    private final LogReceiver receiver;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "proof-backup");
        thread.setDaemon(true);
        return thread;
    });
    private final PostgresBackups taker;

    private Backups(PostgresPair pair, StateStore state, TargetId target, InstantSource clock, String password)
            throws IOException {
        this.pair = pair;
        this.state = state;
        this.resource = target.member("pair");
        this.clock = clock;
        this.password = password;
        system = pair.primary().query("SELECT system_identifier::text FROM pg_control_system()");
        vaults = Vaults.make(pair.directory(), clock);
        points = vaults.points(resource, system, vaults.all());
        LogReceiver.Builder log = LogReceiver.of(
                        url(), credentials(), pair.directory().resolve("spool"))
                .state(state)
                .system(system)
                .slot(RECEIVER)
                .shipEvery(SHIP_EVERY)
                .time(clock, System::nanoTime);
        vaults.all().values().forEach(log::vault);
        receiver = log.build();
        taker = PostgresBackups.of(url(), this::credentials).system(system).build(threads, System::nanoTime);
    }

    /**
     * Makes the vaults and begins to receive the log.
     *
     * @param clock what the library is to take for the time
     */
    static Backups start(PostgresPair pair, StateStore state, TargetId target, InstantSource clock) {
        try {
            String password = UUID.randomUUID().toString();
            pair.primary().execute("CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'".formatted(ROLE, password));
            pair.primary().configure("max_slot_wal_keep_size", SLOT_KEEPS);
            Backups backups = new Backups(pair, state, target, clock, password);
            try {
                backups.receiver.start();
                return backups;
            } catch (RuntimeException e) {
                backups.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    VaultedPoints points() {
        return points;
    }

    ResourceId resource() {
        return resource;
    }

    /** What reads all of the vaults before anybody needs them. */
    Verification verification() {
        return new Verification(resource, system, vaults.all(), points, clock);
    }

    /** Takes a base backup into every vault, while the log is received. */
    void takeBase(BackupTarget database, String slot) {
        ReceiverStatus status = receiver.status();
        if (status.link() == ReceiverStatus.Link.STOPPED) {
            throw new IllegalStateException(
                    "the log is not received: " + status.error().orElse("nobody says why"));
        }
        try (Operator operator = operator(database, List.of())) {
            vaults.names().forEach(name -> operator.takeBackup(SUBJECT, slot, name));
        }
    }

    /** Somebody who may act, on what the vaults hold and on nothing else. */
    Operator operator(BackupTarget database, List<LedgerCheck> ledgers) {
        return operator(database, vaults.all().values(), ledgers)
                .backups(SUBJECT, taker)
                .build();
    }

    /** Somebody who comes with the recovery key, and may restore from the sealed vault. */
    Operator withRecoveryKey(TargetId target, List<LedgerCheck> ledgers) {
        Vault sealed = vaults.withRecoveryKey();
        VaultedPoints opened = vaults.points(resource, system, Map.of(Vaults.WEST, sealed));
        BackupTarget known = new BackupTarget() {
            @Override
            public TargetId id() {
                return target;
            }

            @Override
            public Optional<RestorePointSource> restorePoints() {
                return Optional.of(opened);
            }
        };
        return operator(known, List.of(sealed), ledgers).build();
    }

    private OperatorBuilder operator(BackupTarget database, Collection<Vault> from, List<LedgerCheck> ledgers) {
        PostgresRestorer.Builder restorer = PostgresRestorer.builder()
                .programs(major(), PostgresBinaries.ofClassPath().programs())
                .launchedBy(PostgresBinaries.launchPrefix())
                .setting("shared_buffers", "16MB")
                .connections(this::restored);
        from.forEach(restorer::vault);
        Timing timing = Timing.system().limits(STEP_WITHIN, STEP_WITHIN.multipliedBy(2));
        OperatorBuilder operator = Operator.of(state)
                .protect(SUBJECT, database)
                .restorer(SUBJECT, restorer.build())
                .verifier(SUBJECT, PostgresVerifier.of(this::restored, ledgers))
                .timing(timing.clocks(clock, timing.ticker(), timing.pause()));
        from.forEach(operator::vault);
        return operator;
    }

    Vaults vaults() {
        return vaults;
    }

    /** Makes an empty vault where a destroyed one was, and takes a base backup into it. */
    void replace(BackupTarget database, String vault, String slot) {
        vaults.replace(vault);
        try (Operator operator = operator(database, List.of())) {
            operator.takeBackup(SUBJECT, slot, vault);
        }
    }

    @Override
    public void close() {
        receiver.close();
        taker.close();
        threads.shutdownNow();
    }

    private DataSource restored(String host, int port, String database) {
        PGSimpleDataSource way = (PGSimpleDataSource) pair.primary().dataSource(PostgresServer.SUPERUSER, database);
        way.setServerNames(new String[] {host});
        way.setPortNumbers(new int[] {port});
        return way;
    }

    private static int major() {
        return 17;
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(pair.primary().port(), PostgresServer.DATABASE);
    }

    private Properties credentials() {
        Properties credentials = new Properties();
        credentials.setProperty("user", ROLE);
        credentials.setProperty("password", password);
        return credentials;
    }
}
