package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.Operator;
import com.cybernance.continuity.OperatorBuilder;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
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
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Two vaults in two places that the proof declares, filled from the primary: base backups, and the log as it is written.
 * A vault is a directory of the run and goes with it. For one thread at a time.
 */
final class Backups implements AutoCloseable {
    static final String SUBJECT = "database";

    /** What the primary calls the receiver of its log. */
    static final String RECEIVER = "continuity";

    private static final List<String> NAMES = List.of("east", "west");
    private static final String ROLE = "replicator";
    private static final int TRIES = 100;
    private static final String SLOT_KEEPS = "1GB";
    private static final Duration SHIP_EVERY = Duration.ofSeconds(1);
    private static final Duration STEP_WITHIN = Duration.ofMinutes(2);

    private final PostgresPair pair;
    private final StateStore state;
    private final ResourceId resource;
    private final Map<String, DirectoryVault> vaults = new LinkedHashMap<>();
    private final VaultedPoints points;
    private final LogReceiver receiver;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "proof-backup");
        thread.setDaemon(true);
        return thread;
    });
    private final PostgresBackups taker;

    private Backups(PostgresPair pair, StateStore state, TargetId target) throws IOException {
        this.pair = pair;
        this.state = state;
        this.resource = target.member("pair");
        Path home = Files.createDirectory(pair.directory().resolve("vaults"));
        String system = pair.primary().query("SELECT system_identifier::text FROM pg_control_system()");
        VaultedPoints.Builder seen = VaultedPoints.of(resource, system);
        LogReceiver.Builder log = LogReceiver.of(
                        url(), credentials(), pair.directory().resolve("spool"))
                .state(state)
                .system(system)
                .slot(RECEIVER)
                .shipEvery(SHIP_EVERY)
                .time(InstantSource.system(), System::nanoTime);
        for (String name : NAMES) {
            DirectoryVault vault = DirectoryVault.initialize(name, home.resolve(name));
            vaults.put(name, vault);
            seen.vault(vault, Place.declared(Factor.DATA_CENTRE, name, "the proof"));
            log.vault(vault);
        }
        points = seen.build();
        receiver = log.build();
        taker = PostgresBackups.of(url(), this::credentials).system(system).build(threads, System::nanoTime);
    }

    /** Makes the vaults and begins to receive the log. */
    static Backups start(PostgresPair pair, StateStore state, TargetId target) {
        try {
            pair.primary().configure("max_slot_wal_keep_size", SLOT_KEEPS);
            Backups backups = new Backups(pair, state, target);
            backups.receiver.start();
            return backups;
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

    /** Where a vault's files are. */
    Path directory(String vault) {
        return pair.directory().resolve("vaults").resolve(vault);
    }

    /** Takes a base backup into every vault, while the log is received. */
    void takeBase(BackupTarget database, String slot) {
        ReceiverStatus status = receiver.status();
        if (status.link() == ReceiverStatus.Link.STOPPED) {
            throw new IllegalStateException(
                    "the log is not received: " + status.error().orElse("nobody says why"));
        }
        try (Operator operator = operator(database, List.of())) {
            NAMES.forEach(name -> operator.takeBackup(SUBJECT, slot, name));
        }
    }

    /** Somebody who may act, on what the vaults hold and on nothing else. */
    Operator operator(BackupTarget database, List<LedgerCheck> ledgers) {
        PostgresRestorer.Builder restorer = PostgresRestorer.builder()
                .programs(major(), PostgresBinaries.ofClassPath().programs())
                .launchedBy(PostgresBinaries.launchPrefix())
                .setting("shared_buffers", "16MB")
                .connections(this::restored);
        vaults.values().forEach(restorer::vault);
        OperatorBuilder operator = Operator.of(state)
                .protect(SUBJECT, database)
                .backups(SUBJECT, taker)
                .restorer(SUBJECT, restorer.build())
                .verifier(SUBJECT, PostgresVerifier.of(this::restored, ledgers))
                .timing(Timing.system().limits(STEP_WITHIN, STEP_WITHIN.multipliedBy(2)));
        vaults.values().forEach(operator::vault);
        return operator.build();
    }

    /** Destroys a vault with everything in it, at once for whoever looks; what was being written into it goes last. */
    void destroy(String vault) {
        Path lost = directory(vault).resolveSibling("lost-" + vault);
        try {
            Files.move(directory(vault), lost, StandardCopyOption.ATOMIC_MOVE);
            for (int left = TRIES; Files.exists(lost); left--) {
                remove(lost, left);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path lost, int triesLeft) throws IOException {
        try (Stream<Path> inside = Files.walk(lost)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (DirectoryNotEmptyException | UncheckedIOException stillWrittenTo) {
            if (triesLeft == 0) {
                throw stillWrittenTo;
            }
        }
    }

    /** Makes an empty vault where a destroyed one was, and takes a base backup into it. */
    void replace(BackupTarget database, String vault, String slot) {
        DirectoryVault.initialize(vault, directory(vault));
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
        try {
            credentials.setProperty(
                    "password", Files.readString(pair.directory().resolve(ROLE + ".password")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return credentials;
    }
}
