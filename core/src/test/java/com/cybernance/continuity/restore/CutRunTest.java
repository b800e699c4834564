package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are cut off at every call that they make to the state store or to a provider. */
class CutRunTest {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int MOST_LIVES = 200;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Test
    void run_cutAtAnyInstant_endsAsIfNothingHadHappened() {
        int instants = instants();
        assertThat(instants).as("instants at which a run can be cut").isGreaterThan(40);

        for (int at = 0; at < instants; at++) {
            int first = at;
            int[] life = {0};
            assertThat(violations(() -> life[0]++ == 0 ? first : NEVER, store -> store))
                    .as("cut at instant " + at)
                    .isEmpty();
        }
    }

    @Test
    void run_cutAgainAndAgain_endsAsIfNothingHadHappened() {
        Chance.check(600, chance -> {
            // Short lives at first, so that the resuming is cut too; longer ones later, so that it ends.
            int[] life = {0};
            assertThat(violations(() -> chance.between(0, 4 + 3 * life[0]++), store -> store))
                    .isEmpty();
        });
    }

    @Test
    void runThatForgetsToRecordAStep_isCaught() {
        assertCaught("\"STEP_DONE\"");
    }

    @Test
    void runThatForgetsToRecordThatAStepBegins_isCaught() {
        assertCaught("\"STEP_STARTED\"");
    }

    @Test
    void runThatForgetsItsComparison_isCaught() {
        assertCaught("\"COMPARED\"");
    }

    @Test
    void runThatForgetsThatItBegan_isCaught() {
        assertCaught("\"BEGUN\"");
    }

    private void assertCaught(String forgotten) {
        int instants = instants();
        for (int at = 0; at < instants; at++) {
            int first = at;
            int[] life = {0};
            if (!violations(() -> life[0]++ == 0 ? first : NEVER, store -> new Forgetful(store, forgotten))
                    .isEmpty()) {
                return;
            }
        }
        throw new AssertionError("no cut shows that %s is forgotten".formatted(forgotten));
    }

    private int instants() {
        Cuts cuts = new Cuts(NEVER);
        FolderWorld world = world();
        MemoryStateStore store = new MemoryStateStore();
        live(world, store, new TestTime(), cuts, each -> each);
        assertThat(world.violations(store)).isEmpty();
        return NEVER - cuts.left();
    }

    /** What is wrong after as many lives as it takes, each cut where the lives say. */
    private List<String> violations(IntSupplier lives, UnaryOperator<StateStore> disguise) {
        FolderWorld world = world();
        MemoryStateStore store = new MemoryStateStore();
        TestTime time = new TestTime();
        for (int life = 0; life < MOST_LIVES; life++) {
            try {
                live(world, store, time, new Cuts(lives.getAsInt()), disguise);
                return world.violations(store);
            } catch (Cuts.Crash crash) {
                store.die();
            } catch (ContinuityException failed) {
                return List.of("it cannot go on: " + failed.getMessage());
            }
        }
        return List.of("it does not end");
    }

    private static void live(
            FolderWorld world, MemoryStateStore kept, TestTime time, Cuts cuts, UnaryOperator<StateStore> disguise) {
        StateStore store = cuts.store(disguise.apply(kept));
        FolderRestorer folder = world.restorer();
        RestoreRunner runner = new RestoreRunner(store, cuts.restorer(folder), cuts.verifier(folder), time.timing());
        if (RunLog.unfinished(kept).contains(world.run())) {
            runner.resume(world.run());
        } else {
            runner.run(world.plan(), world.approval());
        }
    }

    private FolderWorld world() {
        try {
            return FolderWorld.make(Files.createTempDirectory(temporary, "w"), 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that it wrote a record and does not, once for each stream: the bug that the cuts must show. */
    private static final class Forgetful implements StateStore {
        private final StateStore real;
        private final String forgotten;

        Forgetful(StateStore real, String forgotten) {
            this.real = real;
            this.forgotten = forgotten;
        }

        @Override
        public void create(String document, byte[] content) {
            real.create(document, content);
        }

        @Override
        public Optional<byte[]> read(String document) {
            return real.read(document);
        }

        @Override
        public Writer open(String stream) {
            Writer writer = real.open(stream);
            return new Writer() {
                @Override
                public Entry append(byte[] payload) {
                    boolean forget = new String(payload, StandardCharsets.UTF_8).contains(forgotten);
                    return forget ? new Entry(0, 1, "", payload) : writer.append(payload);
                }

                @Override
                public long epoch() {
                    return writer.epoch();
                }

                @Override
                public void close() {
                    writer.close();
                }
            };
        }

        @Override
        public void replay(String stream, Consumer<Entry> each) {
            List<Entry> entries = new ArrayList<>();
            real.replay(stream, entries::add);
            entries.forEach(each);
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
