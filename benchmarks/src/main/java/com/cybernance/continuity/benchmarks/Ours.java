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
        Phases phases = new Phases(
                System::nanoTime,
                TimeUnit.MILLISECONDS.toNanos(
                        ManagementFactory.getRuntimeMXBean().getUptime()));
        switch (args[0]) {
            case "backup" -> backup(phases, Integer.parseInt(args[1]), Path.of(args[2]));
            case "restore" -> restore(phases, Path.of(args[1]), args[2], Path.of(args[3]));
            case "receive" ->
                receive(
                        phases,
                        Integer.parseInt(args[1]),
                        Path.of(args[2]),
                        Path.of(args[3]),
                        args[4],
                        Lsn.parse(args[5]));
            default -> throw new IllegalArgumentException(args[0]);
        }
        Files.writeString(Path.of("heap"), Long.toString(peakHeapBytes()));
        if (!args[0].equals("restore")) {
            // Restoring is over when the server answered.
            phases.ended("ending");
        }
        phases.write(Path.of("phases"));
    }

    private static void backup(Phases phases, int port, Path directory) throws InterruptedException {
        DirectoryVault vault = DirectoryVault.initialize(VAULT, directory);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (PostgresBackups backups =
                PostgresBackups.of(url(port), Ours::login).level(Settings.LEVEL).build(executor, System::nanoTime)) {
            phases.ended("vault and classes");
            backups.begin("bench", vault);
            done(phases, "backup", () -> backups.poll("bench", vault));
        } finally {
            executor.shutdownNow();
        }
    }

    /** To the first query that the restored server answers; what is left to do then is to let it take writes. */
    private static void restore(Phases phases, Path directory, String destination, Path programs)
            throws InterruptedException, SQLException, IOException {
        DirectoryVault vault = DirectoryVault.at(VAULT, directory);
        PostgresRestorer restorer = PostgresRestorer.builder()
                .vault(vault)
                .programs(15, programs)
                .setting("shared_buffers", "256MB")
                .access(List.of("host all all 127.0.0.1/32 trust"))
                .connections(Ours::way)
                .build();
        phases.ended("vault and classes");
        RestorePoint point = point(vault);
        phases.ended("finding the point");
        RestoreRequest request = new RestoreRequest(point, VAULT, RecoverTo.latest(), destination);
        Map<String, String> results = new TreeMap<>();
        for (String step : restorer.steps(request)) {
            if (step.equals("promote")) {
                break;
            }
            restorer.begin("bench", request, step, results);
            results.putAll(done(phases, step, () -> restorer.poll("bench", request, step))
                    .results());
        }
        int port = Integer.parseInt(results.getOrDefault("port", "0"));
        try (Connection connection = way("127.0.0.1", port, "postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            if (!rows.next()) {
                throw new IllegalStateException("the restored server does not answer");
            }
        }
        Files.createFile(Path.of(Contests.ANSWERED));
        phases.ended("first query");
    }

    /** Until all of the log up to the end is in the vault. */
    private static void receive(Phases phases, int port, Path directory, Path spool, String slot, Lsn end)
            throws InterruptedException {
        DirectoryVault vault = DirectoryVault.initialize(VAULT, directory);
        try (LogReceiver receiver = LogReceiver.of(url(port), login(), spool)
                .vault(vault)
                .slot(slot)
                .state(DirectoryStateStore.open(directory.resolveSibling("ours-state")))
                .time(InstantSource.system(), System::nanoTime)
                .build()) {
            phases.ended("vault and classes");
            receiver.start();
            boolean first = false;
            boolean flushed = false;
            ReceiverStatus status = receiver.status();
            while (status.vault(VAULT).position().isBefore(end)) {
                if (status.link() == ReceiverStatus.Link.STOPPED
                        || status.vault(VAULT).stopped()) {
                    throw new IllegalStateException(status.toString());
                }
                if (!first && status.flushed().isAfter(Lsn.ZERO)) {
                    first = true;
                    phases.ended("until the first is durable in the spool");
                }
                if (!flushed && !status.flushed().isBefore(end)) {
                    flushed = true;
                    phases.ended("until the last is durable in the spool");
                }
                TimeUnit.MILLISECONDS.sleep(5);
                status = receiver.status();
            }
            phases.ended("until the last is in the vault");
        }
    }

    private static Progress done(Phases phases, String work, Supplier<Progress> asked) throws InterruptedException {
        Progress progress = phases.wait(work, asked);
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
