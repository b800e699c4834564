package com.cybernance.continuity.benchmarks;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.postgres.receive.LogReceiver;
import com.cybernance.continuity.postgres.receive.ReceiverStatus;
import com.cybernance.continuity.postgres.recover.PostgresRestorer;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.postgresql.ds.PGSimpleDataSource;

/** The library at work in a process of its own, as an embedder would use it. */
final class Ours {
    private static final String VAULT = "bench";
    private static final String USER = "bench";

    private Ours() {}

    /** {@code backup PORT VAULT}, {@code restore VAULT DESTINATION PROGRAMS} or {@code receive PORT VAULT SPOOL SLOT END}. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "backup" -> backup(Integer.parseInt(args[1]), Path.of(args[2]));
            case "restore" -> restore(Path.of(args[1]), args[2], Path.of(args[3]));
            case "receive" ->
                receive(Integer.parseInt(args[1]), Path.of(args[2]), Path.of(args[3]), args[4], Lsn.parse(args[5]));
            default -> throw new IllegalArgumentException(args[0]);
        }
        String heap = System.getProperty("bench.heap");
        if (heap != null) {
            Files.writeString(Path.of(heap), Long.toString(peakHeapBytes()));
        }
    }

    private static void backup(int port, Path directory) throws InterruptedException {
        DirectoryVault vault = DirectoryVault.initialize(VAULT, directory);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (PostgresBackups backups =
                PostgresBackups.of(url(port), Ours::login).level(Settings.LEVEL).build(executor, System::nanoTime)) {
            backups.begin("bench", vault);
            done(() -> backups.poll("bench", vault));
        } finally {
            executor.shutdownNow();
        }
    }

    /** To the first query that the restored server answers; what is left to do then is to let it take writes. */
    private static void restore(Path directory, String destination, Path programs)
            throws InterruptedException, SQLException {
        DirectoryVault vault = DirectoryVault.at(VAULT, directory);
        PostgresRestorer restorer = PostgresRestorer.builder()
                .vault(vault)
                .programs(15, programs)
                .setting("shared_buffers", "256MB")
                .access(List.of("host all all 127.0.0.1/32 trust"))
                .connections(Ours::way)
                .build();
        RestorePoint point = point(vault);
        RestoreRequest request = new RestoreRequest(point, VAULT, RecoverTo.latest(), destination);
        Map<String, String> results = new TreeMap<>();
        for (String step : restorer.steps(request)) {
            if (step.equals("promote")) {
                break;
            }
            long begun = System.nanoTime();
            restorer.begin("bench", request, step, results);
            results.putAll(done(() -> restorer.poll("bench", request, step)).results());
            System.out.printf("ours: restore: %s took %d ms%n", step, (System.nanoTime() - begun) / 1_000_000);
        }
        int port = Integer.parseInt(results.getOrDefault("port", "0"));
        try (Connection connection = way("127.0.0.1", port, "postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            if (!rows.next()) {
                throw new IllegalStateException("the restored server does not answer");
            }
        }
    }

    /** Until all of the log up to the end is in the vault. */
    private static void receive(int port, Path directory, Path spool, String slot, Lsn end)
            throws InterruptedException {
        DirectoryVault vault = DirectoryVault.initialize(VAULT, directory);
        long begun = System.nanoTime();
        try (LogReceiver receiver = LogReceiver.of(url(port), login(), spool)
                .vault(vault)
                .slot(slot)
                .state(DirectoryStateStore.open(directory.resolveSibling("ours-state")))
                .time(InstantSource.system(), System::nanoTime)
                .build()) {
            receiver.start();
            boolean flushed = false;
            ReceiverStatus status = receiver.status();
            while (status.vault(VAULT).position().isBefore(end)) {
                if (status.link() == ReceiverStatus.Link.STOPPED
                        || status.vault(VAULT).stopped()) {
                    throw new IllegalStateException(status.toString());
                }
                if (!flushed && !status.flushed().isBefore(end)) {
                    flushed = true;
                    System.out.printf("ours: receive: durable after %d ms%n", (System.nanoTime() - begun) / 1_000_000);
                }
                TimeUnit.MILLISECONDS.sleep(10);
                status = receiver.status();
            }
            System.out.printf("ours: receive: in the vault after %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        }
    }

    private static Progress done(Supplier<Progress> asked) throws InterruptedException {
        Progress progress = asked.get();
        while (progress.state() == Progress.State.RUNNING) {
            TimeUnit.MILLISECONDS.sleep(5);
            progress = asked.get();
        }
        if (progress.state() != Progress.State.DONE) {
            throw new IllegalStateException(progress.toString());
        }
        return progress;
    }

    private static RestorePoint point(DirectoryVault vault) {
        List<RestorePoint> points = new ArrayList<>();
        String system = system(vault);
        VaultedPoints.of(new ResourceId(TargetId.of("postgres:bench"), "main"), system, Map.of(vault, Place.UNKNOWN))
                .look(() -> Duration.ofMinutes(1), new Sink<>() {
                    @Override
                    public void found(RestorePoint fact) {
                        points.add(fact);
                    }

                    @Override
                    public void blind(String scope, FailureKind kind, String why) {
                        throw new IllegalStateException(why);
                    }

                    @Override
                    public void complete(String scope) {}

                    @Override
                    public void asked(Observation observation) {}
                });
        return points.get(points.size() - 1);
    }

    private static String system(DirectoryVault vault) {
        List<String> systems = new ArrayList<>();
        vault.list("pg/", stored -> systems.add(stored.name().split("/", -1)[1]));
        return systems.get(0);
    }

    private static PGSimpleDataSource way(String host, int port, String database) {
        PGSimpleDataSource way = new PGSimpleDataSource();
        way.setServerNames(new String[] {host});
        way.setPortNumbers(new int[] {port});
        way.setDatabaseName(database);
        way.setUser(USER);
        return way;
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
    }

    private static Properties login() {
        Properties login = new Properties();
        login.setProperty("user", USER);
        return login;
    }

    private static long peakHeapBytes() throws IOException {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
    }
}
