package com.cybernance.continuity.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rot in a log of 2,000 records: every byte of every file, and records that were moved about. */
class MutationTest {
    private static final Path STORE = SimulatedDisk.ROOT.resolve("store-dir");
    private static final int RECORDS = 2_000;

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final StreamFiles files = new StreamFiles(STORE.resolve("streams").resolve("log"), "log");
    private final List<Path> segments = written();

    private List<Path> written() {
        try (StateStore store = store();
                StateStore.Writer writer = store.open("log")) {
            for (int i = 0; i < RECORDS; i++) {
                writer.append(("record " + i).getBytes(StandardCharsets.UTF_8));
            }
            store.create("paper", new byte[100]);
        }
        try {
            return disk.list(files.directory()).stream()
                    .filter(StreamFiles::isSegment)
                    .map(files.directory()::resolve)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anyByte_flipped_isDetectedByWhoeverOpensTheStream() throws IOException {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            Mutations mutations = new Mutations(disk, this::openingDetects);
            for (Path segment : segments) {
                mutations.flip(segment, step(), random);
            }
            mutations.flip(files.head(), step(), random);
            mutations.flip(STORE.resolve("store"), 1, random);
            report("flips", seed, mutations);
        }
    }

    @Test
    void anyByte_flipped_isDetectedByWhoeverReplaysTheStream() throws IOException {
        Random random = new Random(Count.seeds()[0]);
        Mutations mutations = new Mutations(disk, this::replayDetects);
        for (Path segment : segments) {
            mutations.flip(segment, 5 * step(), random);
        }
        mutations.flip(files.head(), 400, random);
        mutations.flip(STORE.resolve("store"), 1, random);
        report("flips under a reader", Count.seeds()[0], mutations);
    }

    @Test
    void anyByteOfADocument_flippedOrCut_isDetected() throws IOException {
        Random random = new Random(Count.seeds()[0]);
        Path document = STORE.resolve("documents").resolve("paper.doc");
        Mutations mutations = new Mutations(disk, () -> refuses(store -> store.read("paper")));
        mutations.flip(document, 1, random);
        mutations.cut(document, 1, random);
        report("document flips and cuts", Count.seeds()[0], mutations);
    }

    @Test
    void records_droppedSwappedRepeatedOrForged_areDetected() throws IOException {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            Mutations mutations = new Mutations(disk, this::openingDetects);
            for (Path segment : segments) {
                mutations.edit("drop", segment, step(), random, Mutations::drop);
                mutations.edit("swap", segment, step(), random, Mutations::swap);
                mutations.edit("repeat", segment, step(), random, Mutations::repeat);
                mutations.edit("forge", segment, step(), random, Mutations::forge);

                mutations.edit(
                        "drop of the last", segment, 1 << 20, new Random(0), (all, at) -> all.remove(all.size() - 1));
            }
            report("record mutations", seed, mutations);
        }
    }

    @Test
    void anyFile_cutAtAnyLength_isDetected() throws IOException {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            Mutations mutations = new Mutations(disk, this::openingDetects);
            for (Path segment : segments) {
                mutations.cut(segment, 10 * step(), random);
            }
            mutations.cut(files.head(), step(), random);
            mutations.cut(STORE.resolve("store"), 1, random);
            report("cuts", seed, mutations);
        }
    }

    @Test
    void anyFile_removed_isDetected() throws IOException {
        Path[] all = {STORE.resolve("store"), files.head(), segments.get(0), segments.get(1)};
        for (Path file : all) {
            byte[] bytes = disk.content(file).bytes;
            disk.delete(file);
            assertThat(openingDetects()).as("opening without " + file).isTrue();
            assertThat(replayDetects()).as("replay without " + file).isTrue();
            disk.replace(file, bytes);
        }
    }

    @Test
    void mutations_againstAVerifierThatSkipsTheChain_findIt() throws IOException {
        Mutations mutations = new Mutations(disk, () -> {
            try {
                Identity store = new Directory(STORE, disk).identity();
                assertThat(store).isNotNull();
                Head head = store == null ? null : new HeadFile(disk, files, store).read(HeadFile.ONCE);
                if (store != null && head != null) {
                    new Unchained(disk, files, store, head).walk();
                }
                return false;
            } catch (ContinuityException e) {
                return true;
            }
        });
        mutations.edit("forge", segments.get(0), 100, new Random(3), Mutations::forge);
        assertThat(mutations.undetected()).hasSize(mutations.tried()).isNotEmpty();
    }

    /** The whole bar flips every byte once; a part of it is shared by the seeds. */
    private static long[] seeds() {
        long[] seeds = Count.seeds();
        return Count.fraction() == 1 ? new long[] {seeds[seeds.length - 1]} : seeds;
    }

    private static int step() {
        return Count.fraction() * seeds().length;
    }

    private static final class Unchained extends StreamReader {
        Unchained(Disk disk, StreamFiles files, Identity store, Head head) {
            super(disk, files, store, head, null);
        }

        @Override
        boolean linked(byte[] expected, byte[] observed) {
            return true;
        }
    }

    private void report(String what, long seed, Mutations mutations) {
        Count.say(what + ": " + mutations.tried() + ", seed " + seed);
        assertThat(mutations.undetected()).as(what + ", seed " + seed).isEmpty();
        assertThat(openingDetects()).as("the log itself is refused").isFalse();
    }

    private boolean openingDetects() {
        return refuses(store -> store.open("log"));
    }

    private boolean replayDetects() {
        return refuses(store -> store.replay("log", entry -> {}));
    }

    private interface Use {
        void of(StateStore store);
    }

    private boolean refuses(Use use) {
        try (StateStore store = store()) {
            use.of(store);
            return false;
        } catch (ContinuityException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            assertThat(e).hasMessageContaining(STORE.toString()).hasMessageContaining("expected");
            return true;
        }
    }

    private StateStore store() {
        return new DirectoryStateStore(STORE, disk, new InlineExecutor(), 64 << 10, Duration.ofSeconds(1));
    }
}
