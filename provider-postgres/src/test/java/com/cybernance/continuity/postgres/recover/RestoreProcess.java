package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** A restore in a process of its own, which can be killed. It says on its output when it begins and has done a step. */
public final class RestoreProcess {
    private static final String PASSWORD = "CONTINUITY_TEST_PASSWORD";

    private RestoreProcess() {}

    /** Starts one that restores the backup from the vault {@code north} in a directory. */
    static Process start(
            int major, Path vault, Cluster cluster, String backup, Path destination, String password, File output)
            throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dcontinuity.postgres.servers=" + System.getProperty("continuity.postgres.servers", ""),
                "-cp",
                System.getProperty("java.class.path"),
                RestoreProcess.class.getName(),
                vault.toString(),
                cluster.system(),
                backup,
                destination.toString(),
                Integer.toString(major));
        command.environment().put(PASSWORD, password);
        return command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
    }

    /**
     * Carries out what is left of the restore.
     *
     * @param args the vault, the system identifier, the backup's id, the destination, the server's major version
     */
    public static void main(String[] args) throws IOException {
        DirectoryVault vault = DirectoryVault.at("north", Path.of(args[0]));
        Cluster cluster = new Cluster(args[1]);
        RestoreRequest request;
        try (InputStream json = vault.open(cluster.base(args[2]) + "backup.json")) {
            BackupRecord backup = RecordJson.readBackup(json.readAllBytes());
            request = Source.request(backup, vault, RecoverTo.latest(), Path.of(args[3]), 1);
        }
        PostgresRestorer restorer = restorer(Integer.parseInt(args[4]), vault, System.getenv(PASSWORD));
        for (String step : restorer.steps(request)) {
            System.out.println("begin " + step);
            restorer.begin("killed", request, step, Map.of());
            Progress progress = Source.ended(restorer, "killed", request, step);
            if (progress.state() != Progress.State.DONE) {
                System.out.println("failed " + progress);
                System.exit(1);
            }
            System.out.println("done " + step);
        }
    }

    static PostgresRestorer restorer(int major, DirectoryVault vault, String password) {
        return PostgresRestorer.builder()
                .programs(major, Source.binaries(major).programs())
                .launchedBy(PostgresBinaries.launchPrefix())
                .setting("shared_buffers", "16MB")
                .connections((host, port, database) -> {
                    PGSimpleDataSource way = new PGSimpleDataSource();
                    way.setServerNames(new String[] {host});
                    way.setPortNumbers(new int[] {port});
                    way.setDatabaseName(database);
                    way.setUser("postgres");
                    way.setPassword(password);
                    return way;
                })
                .vault(vault)
                .build();
    }
}
