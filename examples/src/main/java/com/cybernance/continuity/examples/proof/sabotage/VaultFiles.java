package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A vault as anybody sees it who may write to its disk. */
final class VaultFiles {
    private final Path directory;

    /** The vault of this name of a run. Touches no file. */
    VaultFiles(Path run, String name) {
        this.directory = run.resolve("vaults").resolve(name);
    }

    Path directory() {
        return directory;
    }

    /** Something beside the vault, that is not in it. */
    Path beside(String suffix) {
        return directory.resolveSibling(directory.getFileName() + "." + suffix);
    }

    /** The object of these names that was written last, and is at least so old. */
    Path newest(Predicate<String> object, Duration old) throws IOException {
        long latest = InstantSource.system().instant().minus(old).toEpochMilli();
        List<Path> found;
        try (Stream<Path> all = Files.walk(directory.resolve("pg"))) {
            found = all.filter(each -> object.test(each.toString()) && Files.isDirectory(each))
                    .toList();
        }
        return found.stream()
                .filter(each -> written(each) <= latest)
                .max(Comparator.comparing(VaultFiles::written))
                .orElseThrow(() -> new IOException("vault %s has no such object yet".formatted(directory)));
    }

    private static long written(Path object) {
        try {
            return Files.getLastModifiedTime(object.resolve("content")).toMillis();
        } catch (IOException e) {
            // Gone, or not there yet.
            return Long.MAX_VALUE;
        }
    }

    /** How many bytes its files have. */
    long bytes() throws IOException {
        long sum = 0;
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                sum += Files.size(each);
            }
        }
        return sum;
    }
}
