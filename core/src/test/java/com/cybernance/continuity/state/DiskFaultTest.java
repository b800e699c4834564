package com.cybernance.continuity.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.internal.disk.DelegatingDisk;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.LocalDisk;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.StateStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that says no, at every single step. */
class DiskFaultTest {
    private static final Path SIMULATED = SimulatedDisk.ROOT.resolve("store-dir");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private final List<String> acknowledged = new ArrayList<>();
    private boolean created;

    /**
     * Refuses one change, after so many that work; a write is half done then, unless it goes over a sector that is there
     * already.
     */
    private static final class Full extends DelegatingDisk {
        private int left;
        private boolean half;
        private boolean met;

        Full(Disk disk, int left) {
            super(disk);
            this.left = left;
        }

        @Override
        protected void before(String act, Path where) throws IOException {
            if (half || (!act.startsWith("force") && !act.equals("delete") && left-- == 0)) {
                met = true;
                if (!half && act.equals("write") && !where.endsWith("head")) {
                    half = true;
                    return;
                }
                half = false;
                throw new IOException("No space left on device");
            }
        }

        @Override
        protected int taken(int offered) {
            return half && offered > 1 ? offered / 2 : offered;
        }
    }

    private static StateStore store(Path root, Disk disk) {
        return new DirectoryStateStore(root, disk, new InlineExecutor(), 500, Duration.ofSeconds(1));
    }

    /** Appends until something fails; says what failed. */
    private String work(StateStore store) {
        try (store) {
            StateStore.Writer writer = store.open("s");
            for (int i = 0; i < 5; i++) {
                String payload = "record " + i + "x".repeat(120);
                writer.append(payload.getBytes(StandardCharsets.UTF_8));
                acknowledged.add(payload);
            }
            store.create("d" + acknowledged.size(), new byte[10]);
            created = true;
            return "";
        } catch (ContinuityException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<String> replay(StateStore store) {
        List<String> found = new ArrayList<>();
        store.replay("s", entry -> found.add(new String(entry.payload(), StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void fullDisk_atAnyWrite_isNamedAndNothingIsHalfAcknowledged() throws IOException {
        int faults = 0;
        for (int at = 0; ; at++) {
            Path root = Files.createDirectory(temporary.resolve("full" + at)).resolve("state");
            acknowledged.clear();
            created = false;
            Full full = new Full(new LocalDisk(), at);
            String failure = work(store(root, full));
            if (!full.met) {
                break;
            }
            faults++;
            assertThat(failure)
                    .as("fault " + at)
                    .contains("No space left on device")
                    .contains("free space");
            assertThat(replay(store(root, new LocalDisk()))).isEqualTo(acknowledged);
            assertThat(created).isFalse();
            assertThat(work(store(root, new LocalDisk())))
                    .as("after fault " + at)
                    .isEmpty();
            assertThat(replay(store(root, new LocalDisk()))).isEqualTo(acknowledged);
        }
        assertThat(faults).isGreaterThan(20);
    }

    @Test
    void forceThatFails_anywhere_losesNothingAcknowledgedBeforeOrAfter() throws IOException {
        int rounds = Count.of(20_000);
        long seed = Count.seeds()[Count.seeds().length - 1];
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            SimulatedDisk disk = new SimulatedDisk(random);
            acknowledged.clear();
            disk.failForce(random.nextInt(24));
            String failure = work(store(SIMULATED, disk));
            assertThat(failure.isEmpty() || failure.contains("Input/output error"))
                    .as(failure)
                    .isTrue();
            List<String> seen = replay(store(SIMULATED, disk));
            assertThat(seen)
                    .as("seed " + seed + ", round " + round)
                    .hasSizeBetween(acknowledged.size(), acknowledged.size() + 1);
            assertThat(seen.subList(0, acknowledged.size())).isEqualTo(acknowledged);
            acknowledged.clear();
            acknowledged.addAll(seen);
            disk.failForce(Integer.MAX_VALUE);
            assertThat(work(store(SIMULATED, disk)))
                    .as("seed " + seed + ", round " + round)
                    .isEmpty();
            assertThat(replay(store(SIMULATED, disk.afterCrash(random))))
                    .as("seed " + seed + ", round " + round)
                    .isEqualTo(acknowledged);
        }
    }

    @Test
    void append_afterFailedForce_refusesEveryLaterWriteAndNeverForcesAgain() {
        int[] forces = {0};
        boolean[] broken = {false};
        Disk disk = new DelegatingDisk(new LocalDisk()) {
            @Override
            protected void force(Handle handle, Path file) throws IOException {
                forces[0]++;
                if (broken[0]) {
                    throw new IOException("Input/output error");
                }
                super.force(handle, file);
            }
        };
        Path root = temporary.resolve("state");
        StateStore store = store(root, disk);
        StateStore.Writer writer = store.open("s");
        writer.append(new byte[] {'a'});
        broken[0] = true;
        assertThat(failure(writer)).contains("appending record 2").contains("Input/output error");
        int before = forces[0];
        broken[0] = false;
        for (int i = 0; i < 3; i++) {
            assertThat(failure(writer))
                    .contains("stream 's' takes no more records, because an earlier append failed")
                    .contains("Input/output error")
                    .contains("open the stream anew");
        }
        assertThat(forces[0]).isEqualTo(before);
        assertThat(replay(store)).containsExactly("a");
        writer.close();
        assertThat(store.open("s").append(new byte[] {'b'}).sequence()).isEqualTo(2);
        assertThat(replay(store)).containsExactly("a", "b");
        store.close();
    }

    private static String failure(StateStore.Writer writer) {
        try {
            writer.append(new byte[] {'!'});
            return "";
        } catch (ContinuityException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void diskThatWritesOtherBytesThanItWasGiven_isFoundByReadingBack() {
        Path root = temporary.resolve("state");
        Disk lying = new DelegatingDisk(new LocalDisk()) {
            @Override
            protected void force(Handle handle, Path file) throws IOException {
                if (file.toString().endsWith(".log")) {
                    handle.write(ByteBuffer.wrap(new byte[] {'#'}), handle.size() - 1);
                }
                super.force(handle, file);
            }
        };
        try (StateStore store = store(root, lying)) {
            StateStore.Writer writer = store.open("s");
            assertThat(failure(writer)).contains("read back other bytes than were written");
            assertThat(replay(store)).isEmpty();
        }
    }
}
