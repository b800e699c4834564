package com.cybernance.continuity.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs commands of bash; one that fails ends the comparison. */
final class Shell {
    private static final int GRACE_SECONDS = 20;

    private final Path log;

    /** @param log takes what the commands say */
    Shell(Path log) {
        this.log = log;
    }

    /** Runs a script that may fail nowhere in it. */
    void run(String script) throws IOException, InterruptedException {
        check(script, start(List.of("bash", "-c", "set -euo pipefail\n" + script)));
    }

    /**
     * The same, and how long it took, how much processor time and memory.
     *
     * @param done a file whose making ends the time, when it is there afterwards; else the end of the script does
     */
    Measure measure(String script, Path done) throws IOException, InterruptedException {
        Files.deleteIfExists(done);
        Path figures = Files.createTempFile(log.getParent(), "figures", "");
        List<String> words = new ArrayList<>(List.of("time", "-o", figures.toString(), "-f", "%U %S %M"));
        words.addAll(List.of("bash", "-c", "set -euo pipefail\n" + script));
        Instant wall = Instant.now();
        long begun = System.nanoTime();
        int code = start(words);
        double seconds = (System.nanoTime() - begun) / 1e9;
        check(script, code);
        if (Files.exists(done)) {
            seconds = Duration.between(wall, Files.getLastModifiedTime(done).toInstant())
                            .toNanos()
                    / 1e9;
        }
        String[] read = Files.readString(figures).strip().split(" ", -1);
        Files.delete(figures);
        return new Measure(
                seconds, Double.parseDouble(read[0]) + Double.parseDouble(read[1]), Double.parseDouble(read[2]) / 1024);
    }

    /** What a script prints. */
    static String read(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            // Reading would not be interrupted. The answers are short, so they fit into the pipe.
            if (process.waitFor() != 0) {
                throw new IOException("failed: " + script);
            }
            return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        } finally {
            end(process);
        }
    }

    private int start(List<String> words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            return process.waitFor();
        } finally {
            end(process);
        }
    }

    /** What was begun ends with whoever waits for it. */
    private static void end(Process process) throws InterruptedException {
        if (process.isAlive()) {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            all.forEach(ProcessHandle::destroy);
            for (ProcessHandle each : all) {
                try {
                    each.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    each.destroyForcibly();
                }
            }
        }
    }

    private void check(String script, int code) throws IOException {
        if (code != 0) {
            List<String> lines = Files.readAllLines(log);
            String last = String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
            throw new IOException("exit code %d of%n%s%n%s".formatted(code, script, last));
        }
    }
}
