package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.state.DirectoryStateStore;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed while they restore real files, with their records in a real directory. */
class KilledRestoreTest {
    private static final int FILES = 12;
    private static final int MOST_LIVES = 50;
    private static final long CHILD_SECONDS = 120;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Test
    void restore_whoseProcessIsKilledAgainAndAgain_endsAsIfNothingHadHappened() {
        int[] kills = {0};
        Chance.check(40, chance -> {
            try {
                kills[0] += restore(Files.createTempDirectory(temporary, "k"), chance);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        System.out.println("kills: " + kills[0]);
        assertThat(kills[0]).isPositive();
    }

    /** Restores with a process that is killed when it has come a little further; gives the number of kills. */
    private static int restore(Path root, Chance chance) throws IOException, InterruptedException {
        FolderWorld world = FolderWorld.make(root, FILES);
        int kills = 0;
        for (int life = 0; life < MOST_LIVES; life++) {
            Path output = root.resolve("output-" + life);
            Process child = child(root, output);
            // What a kill interrupts is told by progress, not by time: so it hits on a slow machine too.
            int further = life < 2 ? signs(root) + chance.between(1, 9) : Integer.MAX_VALUE;
            boolean ended = false;
            while (!ended && signs(root) < further) {
                ended = child.waitFor(2, TimeUnit.MILLISECONDS);
            }
            if (!ended) {
                child.destroyForcibly();
                kills++;
            }
            assertThat(child.waitFor(CHILD_SECONDS, TimeUnit.SECONDS))
                    .as("the child ends")
                    .isTrue();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            if (said.startsWith("passed")) {
                try (StateStore store = DirectoryStateStore.open(root.resolve("state"))) {
                    assertThat(world.violations(store)).isEmpty();
                }
                return kills;
            }
            assertThat(said).as("what a killed child said").isEmpty();
            assertThat(ended).as("a child that was not killed restores").isFalse();
        }
        throw new AssertionError("the restore does not end");
    }

    /** How much a child has left behind so far: records, notes and files. */
    private static int signs(Path root) throws IOException {
        int signs = 0;
        for (Path each : List.of(root.resolve("restored"), root.resolve("state"))) {
            try (Stream<Path> files = Files.exists(each) ? Files.walk(each) : Stream.empty()) {
                signs += (int) files.count();
            } catch (java.io.UncheckedIOException movedMeanwhile) {
                // Counted again at once.
            }
        }
        return signs + FolderRestorer.journal(root.resolve("journal")).size();
    }

    private static Process child(Path root, Path output) throws IOException {
        String path = String.join(
                File.pathSeparator,
                home(RestoreRunner.class),
                home(KilledRestoreTest.class),
                Files.readString(Path.of("target/runtime-class-path.txt")).strip());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        path,
                        RestoringChild.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile())
                .start();
    }

    private static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
