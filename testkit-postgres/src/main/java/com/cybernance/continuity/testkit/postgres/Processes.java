package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Signals for a server and all its processes: stopping the postmaster alone would leave the others at work. */
final class Processes {
    private Processes() {}

    /** Sends a signal, named as for {@code kill}, to the process and all below it at once. */
    static void signal(long pid, String name) {
        List<Long> all = Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid))
                .toList();
        kill(name, all);
    }

    /** Waits a little for a killed process; where nobody collects its status it never ends by name. */
    static void awaitEnd(ProcessHandle killed) {
        killed.onExit().completeOnTimeout(killed, 5, TimeUnit.SECONDS).join();
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
