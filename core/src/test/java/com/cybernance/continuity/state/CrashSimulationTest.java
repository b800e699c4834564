package com.cybernance.continuity.state;

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

class CrashSimulationTest {
    private static final int FULL = 1_000_000;

    @Test
    void powerFailure_afterAnyChange_losesNothingAcknowledgedAndShowsNothingHalf() {
        long[] seeds = Count.seeds();
        int each = Count.of(FULL) / seeds.length;
        for (long seed : seeds) {
            long from = System.nanoTime();
            int states = new CrashSimulation(seed, each, UnaryOperator.identity()).run();
            Count.say("crash states: " + states + ", seed " + seed + ", " + (System.nanoTime() - from) / 1_000_000
                    + " ms");
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
    void simulator_overADiskThatForgetsToForceSegments_findsIt() {
        assertFound(withoutForceOf(".log"));
    }

    @Test
    void simulator_overADiskThatForgetsToForceHeads_findsIt() {
        assertFound(withoutForceOf("head"));
    }

    @Test
    void simulator_overADiskThatForgetsToForceDrafts_findsIt() {
        assertFound(withoutForceOf(".draft-"));
    }

    private static UnaryOperator<Disk> withoutForceOf(String part) {
        return disk -> new DelegatingDisk(disk) {
            @Override
            protected void force(Handle handle, Path file) throws IOException {
                if (!String.valueOf(file.getFileName()).contains(part)) {
                    super.force(handle, file);
                }
            }
        };
    }

    private static void assertFound(UnaryOperator<Disk> bug) {
        Throwable found = catchThrowable(() -> new CrashSimulation(7, 20_000, bug).run());
        assertThat(found)
                .as("what the simulator says of a planted bug")
                .isInstanceOfAny(AssertionError.class, ContinuityException.class);
    }
}
