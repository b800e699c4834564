package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/** The server of a restore: started here, or found running after the process that started it ended. For one thread. */
final class RestoredServer {
    static final String HOST = "127.0.0.1";

    private static final int STOPPING_SECONDS = 60;
    private static final int SHOWN = 400;
    /** Between two looks at a server that starts; most are there at once. */
    private static final long STARTING_MILLIS = 10;

    private static final long STEP_MILLIS = 50;
    private static final int ATTEMPTS = 20;

    private final Destination destination;
    private final Programs programs;
    private final int major;

    RestoredServer(Destination destination, Programs programs, int major) {
        this.destination = destination;
        this.programs = programs;
        this.major = major;
    }

    /** The run that it belongs to. */
    String run() {
        return destination.run();
    }

    /** What the server wrote since it was started. */
    Path log() {
        return destination.notes().resolve("server.log");
    }

    /** The server's main process; empty when it does not run. */
    Optional<ProcessHandle> process() throws IOException {
        List<String> lines = postmasterFile();
        if (lines.isEmpty() || !lines.get(0).strip().matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        // The number may have gone to another process since: only one that names the directory is ours.
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(ProcessHandle::isAlive)
                .filter(each -> each.info()
                        .commandLine()
                        .orElse("")
                        .contains(destination.data().toString()));
    }

    /** The port that the running server listens on. */
    int port() throws IOException {
        List<String> lines = postmasterFile();
        if (lines.size() < 4) {
            throw new IOException("the server has not written its port yet");
        }
        return Integer.parseInt(lines.get(3).strip());
    }

    /** Whether the server says that it takes connections. */
    boolean takesConnections() throws IOException {
        List<String> lines = postmasterFile();
        return lines.size() > 7
                && (lines.get(7).startsWith("ready") || lines.get(7).startsWith("standby"))
                && process().isPresent();
    }

    /**
     * The server's process, started unless it runs. A port may be taken between finding it free and using it, and children
     * of a server that was killed may hold its memory for a moment.
     */
    ProcessHandle running(IntSupplier ports) throws IOException {
        Optional<ProcessHandle> there = process();
        if (there.isPresent()) {
            return there.get();
        }
        for (int attempt = 1; ; attempt++) {
            Process started = start(ports.getAsInt());
            ProcessHandle process = started.toHandle();
            while (process().isEmpty() && !ended(process, STARTING_MILLIS)) {}
            boolean again = !process.isAlive()
                    && (lineWith("could not bind").isPresent()
                            || lineWith("is still in use").isPresent());
            if (!again || attempt == ATTEMPTS) {
                return process;
            }
            pause(STEP_MILLIS * attempt);
        }
    }

    /** A port of the loopback interface that the system says is free. */
    static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Words.interrupted("starting the restored server", e);
        }
    }

    private Process start(int port) throws IOException {
        RestoreDisk disk = destination.durable().disk();
        disk.delete(log());
        disk.create(log()).close();
        List<String> arguments = List.of("-D", destination.data().toString(), "-p", Integer.toString(port));
        ProcessBuilder command = programs.command(major, "postgres", arguments);
        command.redirectErrorStream(true);
        command.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        return command.start();
    }

    /** Ends the server at once, if it runs. Its files may be left as after a crash. */
    void stop() throws IOException {
        Optional<ProcessHandle> running = process();
        if (running.isEmpty()) {
            return;
        }
        List<String> arguments = List.of(
                "stop",
                "-D",
                destination.data().toString(),
                "-m",
                "immediate",
                "-t",
                Integer.toString(STOPPING_SECONDS));
        Process stopping = programs.command(major, "pg_ctl", arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!ended(stopping.toHandle(), (STOPPING_SECONDS + 10) * 1000L)
                || !ended(running.get(), STOPPING_SECONDS * 1000L)) {
            throw new ContinuityException(
                    FailureKind.TIMED_OUT,
                    "the restored server in %s, process %d, does not end"
                            .formatted(destination.data(), running.get().pid()),
                    "end that process, then discard the run again");
        }
    }

    /** Waits for the end of a process, at most so long; whether it came. */
    static boolean ended(ProcessHandle process, long millis) {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException runsOn) {
            return false;
        } catch (InterruptedException e) {
            throw Words.interrupted("waiting for the restored server", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The line in which the server itself, not a client's session, gave up; empty when there is none. */
    Optional<String> fatalLine() throws IOException {
        for (String line : logLines()) {
            boolean own = line.startsWith("startup|") || line.startsWith("postmaster|");
            if (line.contains("|PANIC:") || (own && line.contains("|FATAL:"))) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** The first line of the log that holds these words. */
    Optional<String> lineWith(String words) throws IOException {
        return logLines().stream().filter(line -> line.contains(words)).findFirst();
    }

    /** The end of the log, for a message. */
    String lastWords() throws IOException {
        String all = String.join("; ", logLines());
        return all.length() <= SHOWN ? all : "..." + all.substring(all.length() - SHOWN);
    }

    private List<String> logLines() throws IOException {
        try {
            return new ArrayList<>(new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (NoSuchFileException notStarted) {
            return List.of();
        }
    }

    private List<String> postmasterFile() throws IOException {
        try {
            return Files.readAllLines(destination.data().resolve("postmaster.pid"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException notRunning) {
            return List.of();
        }
    }
}
