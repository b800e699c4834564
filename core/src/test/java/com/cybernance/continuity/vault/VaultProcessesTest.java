package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.spi.Stored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that race for the same names, of which some are killed. */
class VaultProcessesTest {
    private static final int OBJECTS = 40;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Test
    void processes_thatRaceForTheSameNames_oneOfThemKilled_haveOneWinnerEach() throws Exception {
        long seed = Count.seeds()[Count.seeds().length - 1];
        Random random = new Random(seed);
        int rounds = Count.of(20);
        Count.say("rounds of racing processes: " + rounds + ", seed " + seed);
        for (int round = 0; round < rounds; round++) {
            race(temporary.resolve("vault" + round), random, "seed " + seed + ", round " + round);
        }
    }

    private static void race(Path root, Random random, String where) throws Exception {
        DirectoryVault vault = DirectoryVault.initialize("raced", root);
        Process killed = start(root, "killed");
        Process lives = start(root, "lives");
        Set<String> byKilled = new HashSet<>();
        try (BufferedReader lines = reader(killed)) {
            int last = random.nextInt(OBJECTS);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byKilled.add(line);
                if (byKilled.size() > last) {
                    killed.toHandle().destroyForcibly();
                }
            }
        }
        List<String> byLiving = new ArrayList<>();
        try (BufferedReader lines = reader(lives)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byLiving.add(line);
            }
        }
        assertThat(byLiving).as(where).contains("done");
        byKilled.remove("done");
        byLiving.remove("done");
        assertThat(byKilled).as("names that both were told they have, " + where).doesNotContainAnyElementsOf(byLiving);
        List<String> listed = new ArrayList<>();
        vault.list("", each -> listed.add(winner(vault, each, byKilled, byLiving, where)));
        assertThat(listed).as(where).hasSize(OBJECTS);
        assertSwept(root);
    }

    private static String winner(
            DirectoryVault vault, Stored object, Set<String> byKilled, List<String> byLiving, String where) {
        String content = DirectoryVaultTest.get(vault, object.name());
        String winner = content.substring(0, content.indexOf(' '));
        assertThat(content).as(where).isEqualTo(CommittingChild.content(winner, object.name()));
        assertThat(byLiving.contains(object.name()) ? "lives" : "killed")
                .as(where)
                .isEqualTo(winner);
        if (byKilled.contains(object.name())) {
            assertThat(winner).as(where).isEqualTo("killed");
        }
        return object.name();
    }

    /** The killed one's draft goes with the next one's first. */
    private static void assertSwept(Path root) throws IOException {
        DirectoryVaultTest.put(DirectoryVault.at("raced", root), "after", "x");
        try (Stream<Path> drafts = Files.list(root.resolve(".drafts"))) {
            assertThat(drafts).isEmpty();
        }
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Process start(Path root, String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingChild.class.getName(),
                        root.toString(),
                        name,
                        Integer.toString(OBJECTS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
