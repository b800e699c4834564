package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;

/** A receiver in a process of its own, which can be killed. It ends with its input, so it does not outlive its parent. */
public final class LogReceiverProcess {
    private static final String PASSWORD = "CONTINUITY_TEST_PASSWORD";

    private LogReceiverProcess() {}

    /**
     * Starts one for a server, with its directories below the given one.
     *
     * @param forgetful whether its spool shall say that bytes are durable which are not
     */
    static Process start(PostgresServer server, String slot, Path directory, boolean forgetful) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LogReceiverProcess.class.getName(),
                Rig.url(server),
                slot,
                directory.toString(),
                Boolean.toString(forgetful));
        Properties login = Rig.login(server);
        command.environment().put(PASSWORD, login.getProperty("password"));
        File output = directory.resolve("receiver.out").toFile();
        return command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
    }

    /**
     * Receives until its input ends.
     *
     * @param args the URL, the slot, the directory with the vault {@code near}, the spool and the state, and whether it forgets
     */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[2]);
        Properties login = new Properties();
        login.setProperty("user", "replicator");
        login.setProperty("password", System.getenv(PASSWORD));
        try (LogReceiver receiver = LogReceiver.of(args[0], login, directory.resolve("spool"))
                .vault(DirectoryVault.at("near", directory.resolve("near")))
                .state(DirectoryStateStore.open(directory.resolve("state")))
                .time(InstantSource.system(), System::nanoTime)
                .slot(args[1])
                .shipEvery(Duration.ofMillis(500))
                .disk(Boolean.parseBoolean(args[3]) ? new ForgetfulDisk() : new LocalSpoolDisk())
                .build()) {
            receiver.start();
            while (System.in.read() >= 0) {
                System.out.println(receiver.status());
            }
        }
    }
}
