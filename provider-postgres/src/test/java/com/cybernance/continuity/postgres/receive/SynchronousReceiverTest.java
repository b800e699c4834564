package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Commits wait for a standby and for the receiver. Whoever is killed in whatever order, what was acknowledged is in what
 * the receiver had made durable, before it may ask the server again, and comes back when that is replayed.
 */
@Isolated("starts processes that need the machine's time")
class SynchronousReceiverTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // made before the test
    Path directory;

    @Test
    void everyAcknowledgedRow_isRestoredFromWhatTheReceiverHas_whoeverIsKilled() throws Exception {
        int rounds = Seeds.runs(100);
        int pairs = rounds < 100 ? 1 : 2;
        long seed = Long.getLong("continuity.seed", System.nanoTime());
        System.out.printf("seed %d, %d rounds on %d pairs%n", seed, rounds, pairs);
        ExecutorService executor = Executors.newFixedThreadPool(pairs);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int number = 0; number < pairs; number++) {
                Path place = directory.resolve("pair-" + number);
                Seeds seeds = Seeds.of(seed + number);
                running.add(executor.submit(() -> rounds(place, seeds, rounds / pairs)));
            }
            int acknowledged = 0;
            for (Future<Integer> each : running) {
                acknowledged += each.get();
            }
            System.out.printf("%d acknowledged rows, all restored%n", acknowledged);
            assertThat(acknowledged).isGreaterThan(rounds * 40);
        } finally {
            executor.shutdownNow();
        }
    }

    /** Part of the bar alone: it tests the test above. */
    @Test
    @Tag("bar")
    void receiverThatCallsDurableWhatIsNot_isFoundOut() throws Exception {
        try (KilledPair pair = new KilledPair(directory, Seeds.of(1), true)) {
            assertThatThrownBy(() -> {
                        for (int round = 1; round <= 10; round++) {
                            pair.round(round);
                        }
                    })
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the received log");
        }
    }

    private static int rounds(Path directory, Seeds seeds, int rounds)
            throws IOException, InterruptedException, SQLException, ExecutionException {
        try (KilledPair pair = new KilledPair(directory, seeds, false)) {
            long since = System.nanoTime();
            for (int round = 1; round <= rounds; round++) {
                pair.round(round);
            }
            pair.compareInTheEnd();
            System.out.printf("%s: %d rounds in %d s%n", seeds, rounds, (System.nanoTime() - since) / 1_000_000_000);
            return pair.checked();
        }
    }
}
