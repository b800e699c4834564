package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Count;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers that are interrupted at any moment of their work. */
class VaultInterruptionTest {
    private static final String CONTENT = "sixteen bytes..\n".repeat(40_000);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Test
    void interruption_atAnyMoment_leavesTheWholeObjectOrNone() throws InterruptedException {
        DirectoryVault vault = DirectoryVault.initialize("offsite", temporary.resolve("vault"));
        DirectoryVaultTest.put(vault, "before", CONTENT);
        long seed = Count.seeds()[Count.seeds().length - 1];
        Random random = new Random(seed);
        int rounds = Count.of(1_000);
        int interrupted = 0;
        for (int round = 0; round < rounds; round++) {
            String object = "cut/" + round;
            Optional<FailureKind> failure =
                    putInterrupted(vault, object, random.nextInt(1 << (10 + random.nextInt(17))));
            interrupted += failure.isPresent() ? 1 : 0;
            assertThat(failure.orElse(FailureKind.INTERRUPTED))
                    .as("seed " + seed + ", round " + round)
                    .isEqualTo(FailureKind.INTERRUPTED);
            if (failure.isEmpty() || vault.find(object).isPresent()) {
                assertThat(DirectoryVaultTest.get(vault, object)).isEqualTo(CONTENT);
            } else {
                putUnlessItCameAllTheSame(vault, object);
            }
        }
        Count.say("interrupted calls: " + interrupted + " of " + rounds + ", seed " + seed);
        assertThat(DirectoryVaultTest.get(vault, "before")).isEqualTo(CONTENT);
    }

    private static Optional<FailureKind> putInterrupted(DirectoryVault vault, String object, int afterNanos)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Queue<FailureKind> failures = new ConcurrentLinkedQueue<>();
        Thread writing = new Thread(() -> {
            begun.countDown();
            try {
                DirectoryVaultTest.put(vault, object, CONTENT);
                DirectoryVaultTest.get(vault, object);
            } catch (ContinuityException e) {
                failures.add(e.kind());
            }
        });
        writing.start();
        begun.await();
        long from = System.nanoTime();
        while (System.nanoTime() - from < afterNanos) {
            Thread.onSpinWait();
        }
        writing.interrupt();
        writing.join();
        return failures.stream().findFirst();
    }

    /** What was interrupted may still be on its way. */
    private static void putUnlessItCameAllTheSame(DirectoryVault vault, String object) {
        try {
            DirectoryVaultTest.put(vault, object, CONTENT);
        } catch (ContinuityException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CONFLICT);
        }
        assertThat(DirectoryVaultTest.get(vault, object)).isEqualTo(CONTENT);
    }
}
