package com.cybernance.continuity.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.spi.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed while they write. */
class KilledProcessTest {
    private static final int FULL = 1_000;
    private static final int LIVES_PER_DIRECTORY = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Test
    void process_killedWhileItAppends_losesNothingThatItAcknowledged() throws Exception {
        long seed = Count.seeds()[Count.seeds().length - 1];
        AtomicInteger kills = new AtomicInteger();
        int wanted = Count.of(FULL);
        Callable<List<String>> lane = () -> {
            List<String> lost = new ArrayList<>();
            while (kills.get() < wanted) {
                lost.addAll(lives(Files.createTempDirectory(temporary, "k"), "honest", seed, kills, wanted));
            }
            return lost;
        };
        assertThat(inTwoLanes(lane, lane)).as("seed " + seed).isEmpty();
        Count.say("kills: " + kills.get() + ", seed " + seed);
        assertThat(kills.get()).isGreaterThanOrEqualTo(wanted);
    }

    @Test
    void killing_aWriterThatAcknowledgesBeforeItWrites_findsIt() throws Exception {
        AtomicInteger kills = new AtomicInteger();
        List<String> lost = new ArrayList<>();
        while (lost.isEmpty() && kills.get() < 100) {
            Path directory = Files.createTempDirectory(temporary, "e");
            lost.addAll(lives(directory, "early", 5, kills, kills.get() + 5));
        }
        assertThat(lost).as("promises that the harness saw broken").isNotEmpty();
    }

    @Test
    void twoProcesses_sharingAStream_neverBothOwnIt() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("shared"));
        Map<Long, String> promised = new HashMap<>();
        List<String> twice = new ArrayList<>();
        int each = Count.of(4_000);
        Callable<List<String>> lane = () -> {
            List<String> said = new ArrayList<>();
            for (int life = 0; life < 2; life++) {
                try (ChildProcess child = new ChildProcess(directory, "sharing", life)) {
                    for (int i = 0; i < each / 2; i++) {
                        said.add(child.lineWith("ack"));
                    }
                    said.addAll(child.kill());
                }
            }
            return said;
        };
        for (String line : inTwoLanes(lane, lane)) {
            if (line.startsWith("ack")) {
                String[] words = line.split(" ", 3);
                if (promised.put(Long.parseLong(words[1]), words[2]) != null) {
                    twice.add(words[1]);
                }
            }
        }
        assertThat(twice).as("records that two owners acknowledged").isEmpty();
        assertThat(broken(directory, promised, Map.of())).isEmpty();
    }

    private static List<String> inTwoLanes(Callable<List<String>> one, Callable<List<String>> two) throws Exception {
        ExecutorService lanes = Executors.newFixedThreadPool(2);
        try {
            List<String> all = new ArrayList<>();
            for (Future<List<String>> lane : lanes.invokeAll(List.of(one, two))) {
                all.addAll(lane.get());
            }
            return all;
        } finally {
            lanes.shutdownNow();
        }
    }

    /** Several lives over one directory, each cut short; returns the promises that were broken. */
    private static List<String> lives(Path directory, String mode, long seed, AtomicInteger kills, int wanted)
            throws IOException {
        Map<Long, String> records = new HashMap<>();
        Map<String, String> documents = new HashMap<>();
        List<String> broken = new ArrayList<>();
        for (int life = 0; life < LIVES_PER_DIRECTORY && kills.get() < wanted && broken.isEmpty(); life++) {
            Random random = new Random(seed + kills.incrementAndGet());
            for (String line : live(directory, mode, random)) {
                String[] words = line.split(" ", 3);
                switch (words[0]) {
                    case "ack" -> records.put(Long.parseLong(words[1]), words[2]);
                    case "doc" -> documents.put(words[1], words[2]);
                    default -> broken.add("a fresh opening failed: " + line);
                }
            }
            broken.addAll(broken(directory, records, documents));
        }
        return broken;
    }

    private static List<String> live(Path directory, String mode, Random random) throws IOException {
        List<String> said = new ArrayList<>();
        try (ChildProcess child = new ChildProcess(directory, mode, random.nextLong())) {
            int acks = 1 + random.nextInt(30);
            while (said.size() < acks) {
                String line = child.line();
                if (line == null) {
                    break;
                }
                said.add(line);
            }
            for (int i = random.nextInt(200_000); i > 0; i--) {
                Thread.onSpinWait();
            }
            said.addAll(child.kill());
        }
        // A line that was cut by the kill is no acknowledgement, but lines are written in one piece.
        return said;
    }

    private static List<String> broken(Path directory, Map<Long, String> records, Map<String, String> documents) {
        List<String> broken = new ArrayList<>();
        Map<Long, String> found = new HashMap<>();
        try (StateStore store = DirectoryStateStore.open(directory)) {
            store.replay("log", entry -> found.put(entry.sequence(), text(entry.payload())));
            documents.forEach((name, content) -> {
                if (!store.read(name).map(KilledProcessTest::text).orElse("").equals(content)) {
                    broken.add("document " + name);
                }
            });
        }
        records.forEach((sequence, payload) -> {
            if (!payload.equals(found.get(sequence))) {
                broken.add("record " + sequence + " of " + found.size());
            }
        });
        return broken;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
