package com.cybernance.continuity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedEarlyTest {
    private static final long DEADLINE_NANOS = Duration.ofMinutes(2).toNanos();

    /** Its client hangs, so that the comparison is surely in the middle of something when the signal comes. */
    @Test
    void sigterm_endsWhatRuns_andLeavesNoServerBehind(@TempDir Path directory) throws Exception {
        Path programs = Files.createDirectories(directory.resolve("programs"));
        for (String name : List.of("initdb", "pg_ctl", "postgres")) {
            Files.createSymbolicLink(
                    programs.resolve(name),
                    PostgresBinaries.ofClassPath().programs().resolve(name));
        }
        Path asked = directory.resolve("asked");
        Files.writeString(programs.resolve("psql"), "#!/bin/sh\necho $$ >'%s'\nexec sleep 600\n".formatted(asked));
        Files.setPosixFilePermissions(programs.resolve("psql"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path work = Files.createDirectories(directory.resolve("b"));

        List<String> words = new ArrayList<>(PostgresBinaries.launchPrefix());
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Comparison.class.getName(),
                "backup"));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().put("BENCH_DIR", work.toString());
        builder.environment().put("BENCH_PROGRAMS", programs.toString());
        builder.environment().put("BENCH_MIB", "1");
        Process comparison = builder.start();
        try {
            long since = System.nanoTime();
            while (!Files.exists(asked) || Files.size(asked) == 0) {
                assertThat(comparison.isAlive()).as(() -> said(directory)).isTrue();
                assertThat(System.nanoTime() - since).isLessThan(DEADLINE_NANOS);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            ProcessHandle client = running(asked);
            ProcessHandle server = running(work.resolve("source/postmaster.pid"));

            comparison.destroy();

            assertThat(comparison.waitFor(DEADLINE_NANOS, TimeUnit.NANOSECONDS)).isTrue();
            assertThat(work.resolve("source/postmaster.pid")).doesNotExist();
            // A server ends a moment after it has removed that file.
            assertThat(server.onExit()).succeedsWithin(Duration.ofMinutes(1));
            assertThat(client.onExit()).succeedsWithin(Duration.ofMinutes(1));
        } finally {
            comparison.descendants().forEach(ProcessHandle::destroyForcibly);
            comparison.destroyForcibly();
        }
    }

    /** The process whose id is the first line of a file. */
    private static ProcessHandle running(Path file) throws Exception {
        ProcessHandle process = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(file).get(0)))
                .orElseThrow();
        assertThat(process.isAlive()).isTrue();
        return process;
    }

    private static String said(Path directory) {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
