package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A server that runs on what a vault holds of one backup, and of the log. */
public final class Restored implements AutoCloseable {
    private final Process process;
    private final Path output;
    private final int port;
    private final String password;

    private Restored(Process process, Path output, int port, String password) {
        this.process = process;
        this.output = output;
        this.port = port;
        this.password = password;
    }

    public static BackupRecord record(Vault vault, String object) throws IOException {
        try (InputStream in = vault.open(object)) {
            return RecordJson.readBackup(in.readAllBytes());
        }
    }

    /** Puts the backup's files and its log into a directory that is not there yet. */
    public static void lay(Vault vault, BackupRecord backup, Path data) throws IOException {
        Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Cluster cluster = new Cluster(backup.system());
        unpack(vault, cluster.base(backup.id()) + "data.tar.zst", data);
        StringBuilder map = new StringBuilder();
        for (BackupRecord.Tablespace tablespace : backup.tablespaces()) {
            Path place = data.resolveSibling(data.getFileName() + "-" + tablespace.oid());
            Files.createDirectory(
                    place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            unpack(vault, tablespace.object(), place);
            map.append(tablespace.oid()).append(' ').append(place).append('\n');
        }
        if (map.length() > 0) {
            Files.writeString(data.resolve("tablespace_map"), map.toString());
        }
        log(vault, cluster, backup, data.resolve("pg_wal"));
        Files.writeString(data.resolve("recovery.signal"), "");
    }

    private static void unpack(Vault vault, String object, Path into) throws IOException {
        try (InputStream in = vault.open(object)) {
            Unpacking.unpack(in, into);
        }
    }

    private static void log(Vault vault, Cluster cluster, BackupRecord backup, Path into) throws IOException {
        List<String> objects = new ArrayList<>();
        vault.list(cluster.log(backup.timeline()), stored -> {
            if (Piece.of(cluster, stored.name()).isPresent()) {
                objects.add(stored.name());
            }
        });
        for (String object : objects) {
            Piece piece = Piece.of(cluster, object).orElseThrow();
            Lsn segment = piece.start().segmentStart(backup.segmentSize());
            long perName = 0x1_0000_0000L / backup.segmentSize();
            long number = segment.value() / backup.segmentSize();
            Path file = into.resolve("%08X%08X%08X".formatted(piece.timeline(), number / perName, number % perName));
            try (InputStream in = new ZstdInputStream(vault.open(object));
                    RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(backup.segmentSize());
                out.seek(piece.start().minus(segment));
                out.write(in.readAllBytes());
            }
        }
    }

    /** Starts a server there, and waits until it has replayed all the log that is there. */
    public static Restored start(PostgresBinaries binaries, Path data, String password)
            throws IOException, InterruptedException {
        return start(binaries, data, password, "false", "f");
    }

    /** Starts a server there that replays whatever log files come into a directory, and takes queries meanwhile. */
    public static Restored follow(PostgresBinaries binaries, Path data, String password, Path log)
            throws IOException, InterruptedException {
        Files.move(data.resolve("recovery.signal"), data.resolve("standby.signal"));
        return start(binaries, data, password, "cp %s/%%f %%p".formatted(log), "t");
    }

    private static Restored start(
            PostgresBinaries binaries, Path data, String password, String restoreCommand, String inRecovery)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        List<String> command = new ArrayList<>(PostgresBinaries.launchPrefix());
        command.addAll(List.of(binaries.programs().resolve("postgres").toString(), "-D", data.toString()));
        for (String setting : List.of(
                "port=" + port,
                "restore_command=" + restoreCommand,
                "wal_retrieve_retry_interval=100ms",
                "synchronous_standby_names=",
                "logging_collector=off",
                "ssl=off",
                "cluster_name=restored")) {
            command.addAll(List.of("-c", setting));
        }
        Path output = data.resolveSibling(data.getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Restored restored = new Restored(process, output, port, password);
        for (int step = 0; step < 2_400; step++) {
            try {
                if (restored.query("SELECT pg_is_in_recovery()").equals(inRecovery)) {
                    return restored;
                }
            } catch (SQLException notYet) {
                // It is still starting.
            }
            if (process.waitFor(25, TimeUnit.MILLISECONDS)) {
                throw new IOException("the restored server ended: " + Files.readString(output));
            }
        }
        restored.close();
        throw new IOException("the restored server takes no connections: " + Files.readString(output));
    }

    public String query(String sql) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName("app");
        source.setUser("postgres");
        source.setPassword(password);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    public String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
