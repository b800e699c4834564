package com.cybernance.continuity.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The directory in which things are made and removed by simple names. Only one that carries our marker is used. */
final class Workplace {
    static final String MARKER = ".continuity-benchmarks";

    private Workplace() {}

    /**
     * Makes a directory that is missing or empty ours.
     *
     * @throws IOException when there is something in it and no marker; nothing was touched then
     */
    static void claim(Path directory) throws IOException {
        Path marker = directory.resolve(MARKER);
        if (Files.isRegularFile(marker)) {
            return;
        }
        Files.createDirectories(directory);
        try (Stream<Path> there = Files.list(directory)) {
            if (there.findAny().isPresent()) {
                throw new IOException(
                        "%s is not empty and carries no %s, so nothing in it is touched. Hint: set BENCH_DIR to a new directory"
                                .formatted(directory, MARKER));
            }
        }
        Files.writeString(marker, "Everything in this directory is made and removed by benchmarks/run.\n");
    }
}
