package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.internal.disk.DelegatingDisk;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VaultCrashTest {
    private static final int FULL = 100_000;

    @Test
    void powerFailure_afterAnyChange_losesNothingPromisedAndShowsNothingHalf() {
        long[] seeds = Count.seeds();
        int each = Count.of(FULL) / seeds.length;
        for (long seed : seeds) {
            long from = System.nanoTime();
            int states = new VaultCrashSimulation(seed, each, UnaryOperator.identity()).run();
            Count.say("crash states of a vault: " + states + ", seed " + seed + ", "
                    + (System.nanoTime() - from) / 1_000_000 + " ms");
            assertThat(states).isEqualTo(each);
        }
    }

    @Test
    void simulator_overADiskThatForgetsToForceDirectories_findsIt() {
        assertFound(disk -> new DelegatingDisk(disk) {
            @Override
            public void forceDirectory(Path directory) {}
        });
    }

    @Test
    void simulator_overADiskThatForgetsToForceContents_findsIt() {
        assertFound(withoutForceOf("content"));
    }

    @Test
    void simulator_overADiskThatForgetsToForceRecords_findsIt() {
        assertFound(withoutForceOf("content.sha256"));
    }

    @Test
    void simulator_overADiskThatForgetsToForceDraftDirectories_findsIt() {
        assertFound(disk -> new DelegatingDisk(disk) {
            @Override
            public void forceDirectory(Path directory) throws IOException {
                if (!directory.toString().contains(".drafts")) {
                    super.forceDirectory(directory);
                }
            }
        });
    }

    private static UnaryOperator<Disk> withoutForceOf(String name) {
        return disk -> new DelegatingDisk(disk) {
            @Override
            protected void force(Handle handle, Path file) throws IOException {
                if (!file.endsWith(name)) {
                    super.force(handle, file);
                }
            }
        };
    }

    private static void assertFound(UnaryOperator<Disk> bug) {
        Throwable found = catchThrowable(() -> new VaultCrashSimulation(7, 20_000, bug).run());
        assertThat(found)
                .as("what the simulator says of a planted bug")
                .isInstanceOfAny(AssertionError.class, ContinuityException.class);
    }
}
