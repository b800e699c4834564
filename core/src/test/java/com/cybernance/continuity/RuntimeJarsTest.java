package com.cybernance.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What core brings onto an embedder's class path, against the list that somebody reviewed. */
class RuntimeJarsTest {
    private static final Path REVIEWED = Path.of("runtime-jars.txt");
    private static final int MOST_JARS = 12;
    private static final long MOST_BYTES = 6L << 20;

    private final List<Path> jars = jars();

    @Test
    void runtimeJars_areTheReviewedOnes() throws IOException {
        List<String> reviewed = Files.readAllLines(REVIEWED).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();

        assertThat(jars.stream().map(jar -> jar.getFileName().toString()))
                .as("core's runtime jars. Hint: review the difference, then write it into core/%s", REVIEWED)
                .containsExactlyInAnyOrderElementsOf(reviewed);
    }

    @Test
    void runtimeJars_areFewAndSmall() throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }

        assertThat(jars).as("core's runtime jars").hasSizeBetween(1, MOST_JARS);
        assertThat(bytes).as("bytes of core's runtime jars").isBetween(1L, MOST_BYTES);
    }

    private static List<Path> jars() {
        try {
            String classPath = Files.readString(Path.of("target", "runtime-class-path.txt"));
            return Arrays.stream(classPath.strip().split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError("the build has not written the class path. Hint: run mvn -pl core test", e);
        }
    }
}
