package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Signals for a server and all its processes: stopping the postmaster alone would leave the others at work. */
final class Processes {
    private static final int ENDING_STEPS = 2_000;

    private Processes() {}

    /** Sends a signal, named as for {@code kill}, to the process and all below it at once. */
    static void signal(long pid, String name) {
        kill(name, tree(pid).map(ProcessHandle::pid).toList());
    }

    /**
     * Kills the process and all below it, and waits until the last is gone: one that is slow to die still holds the
     * server's shared memory, and a new server on the same data refuses to start.
     */
    static void end(long pid) throws IOException {
        signalOnly(pid, "STOP"); // so that it makes no more of them while they are counted
        List<ProcessHandle> all = tree(pid).toList();
        kill("KILL", all.stream().map(ProcessHandle::pid).toList());
        for (int step = 0; all.stream().anyMatch(Processes::isLeft); step++) {
            if (step == ENDING_STEPS) {
                throw new IOException("killed, and still there: "
                        + all.stream().filter(Processes::isLeft).toList());
            }
            pause();
        }
    }

    /** Whether a process does anything yet. Where nobody collects its status, a dead one stays listed (on Linux). */
    static boolean isLeft(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException endedMeanwhileOrNoLinux) {
            return process.isAlive();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while processes end", e);
        }
    }

    private static Stream<ProcessHandle> tree(long pid) {
        return ProcessHandle.of(pid).stream().flatMap(top -> Stream.concat(Stream.of(top), top.descendants()));
    }

    /** Sends a signal to this process alone. */
    static void signalOnly(long pid, String name) {
        kill(name, List.of(pid));
    }

    private static void kill(String name, List<Long> pids) {
        String list = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        try {
            // A process that has ended meanwhile is no failure.
            new ProcessBuilder("sh", "-c", "kill -%s %s 2>/dev/null; true".formatted(name, list))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending signal " + name, e);
        }
    }
}
