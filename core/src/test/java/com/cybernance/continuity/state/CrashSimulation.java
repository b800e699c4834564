package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs short lives of a store on a simulated disk, lets the power fail after every single change of the disk, and
 * compares what comes back with a model. Recovery is crashed in the same way.
 */
final class CrashSimulation {
    private static final Path STORE = SimulatedDisk.ROOT.resolve("store-dir");
    private static final List<String> STREAMS = List.of("evidence", "runs");
    private static final int SEGMENT = 2_000;
    private static final int CRASHES_PER_CHANGE = 6;

    private final UnaryOperator<Disk> spoil;
    private final long seed;
    private final Random random;
    private final int wanted;
    private int states;

    /** @param spoil plants a bug between the store and the disk */
    CrashSimulation(long seed, int wanted, UnaryOperator<Disk> spoil) {
        this.seed = seed;
        this.random = new Random(seed);
        this.wanted = wanted;
        this.spoil = spoil;
    }

    /** What was promised so far. */
    private static final class Model {
        final Map<String, List<byte[]>> acknowledged = new HashMap<>();
        final Map<String, byte[]> documents = new HashMap<>();
        final Map<String, Long> epochs = new HashMap<>();

        @Nullable
        String stream;

        byte @Nullable [] inFlight;

        @Nullable
        String document;

        Model copy() {
            Model copy = new Model();
            acknowledged.forEach((name, list) -> copy.acknowledged.put(name, new ArrayList<>(list)));
            copy.documents.putAll(documents);
            copy.epochs.putAll(epochs);
            copy.stream = stream;
            copy.inFlight = inFlight;
            copy.document = document;
            return copy;
        }

        List<byte[]> records(String name) {
            return acknowledged.computeIfAbsent(name, n -> new ArrayList<>());
        }
    }

    /** Returns how many crash states were checked. */
    int run() {
        while (states < wanted) {
            SimulatedDisk disk = new SimulatedDisk(random);
            Model model = new Model();
            disk.witness(() -> crash(disk, model, CRASHES_PER_CHANGE, 0));
            live(disk, model, 1 + random.nextInt(14));
        }
        return states;
    }

    private void crash(SimulatedDisk disk, Model model, int times, int depth) {
        for (int i = 0; i < times && states < wanted; i++) {
            states++;
            comeBack(disk.afterCrash(random), model.copy(), depth);
        }
    }

    private void comeBack(SimulatedDisk disk, Model model, int depth) {
        StateStore reader = store(disk);
        settle(reader, model);
        if (depth == 0 && random.nextInt(3) == 0) {
            crashRecovery(disk, model);
            return;
        }
        live(disk, model, 1);
    }

    /** Lets the recovery itself die after a random number of changes, then comes back once more. */
    private void crashRecovery(SimulatedDisk disk, Model model) {
        int[] left = {1 + random.nextInt(12)};
        disk.witness(() -> {
            if (--left[0] == 0) {
                disk.die();
            }
        });
        try {
            live(disk, model, 1);
        } catch (SimulatedDisk.Crash e) {
            crash(disk, model, 1, 1);
        }
    }

    /** A life: opens the streams, appends, creates documents, sometimes starts anew. */
    private void live(SimulatedDisk disk, Model model, int acts) {
        StateStore store = store(disk);
        Map<String, StateStore.Writer> writers = new HashMap<>();
        for (int i = 0; i < acts; i++) {
            if (random.nextInt(8) == 0) {
                create(store, model);
            } else if (random.nextInt(10) == 0) {
                store.close();
                writers.clear();
                store = store(disk);
            } else {
                append(store, writers, STREAMS.get(random.nextInt(STREAMS.size())), model);
            }
        }
        if (acts == 1) {
            compare(store, model);
        }
        store.close();
    }

    private void create(StateStore store, Model model) {
        String name = "doc" + model.documents.size();
        byte[] content = bytes();
        model.document = name;
        model.inFlight = content;
        store.create(name, content);
        model.documents.put(name, content);
        model.document = null;
        model.inFlight = null;
    }

    private void append(StateStore store, Map<String, StateStore.Writer> writers, String stream, Model model) {
        StateStore.Writer writer = writers.get(stream);
        if (writer == null) {
            writer = store.open(stream);
            long last = model.epochs.getOrDefault(stream, 0L);
            check(writer.epoch() > last, stream + ": epoch " + writer.epoch() + " after " + last);
            writers.put(stream, writer);
        }
        model.epochs.put(stream, writer.epoch());
        byte[] payload = bytes();
        model.stream = stream;
        model.inFlight = payload;
        Entry entry = writer.append(payload);
        model.records(stream).add(payload);
        model.stream = null;
        model.inFlight = null;
        check(entry.sequence() == model.records(stream).size(), "sequence " + entry.sequence());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(3) == 0 ? random.nextInt(1_800) : random.nextInt(90)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    /** What was in flight may have happened or not; once seen, it must stay. */
    private void settle(StateStore store, Model model) {
        byte[] inFlight = model.inFlight;
        String stream = model.stream;
        String document = model.document;
        if (inFlight != null && stream != null) {
            List<byte[]> found = replay(store, stream);
            if (found.size() == model.records(stream).size() + 1) {
                model.records(stream).add(inFlight);
            }
        } else if (inFlight != null && document != null && store.read(document).isPresent()) {
            model.documents.put(document, inFlight);
        }
        model.inFlight = null;
        model.stream = null;
        model.document = null;
        compare(store, model);
    }

    private void compare(StateStore store, Model model) {
        for (String stream : STREAMS) {
            List<byte[]> expected = model.records(stream);
            List<byte[]> found = replay(store, stream);
            check(found.size() == expected.size(), stream + ": " + found.size() + " records of " + expected.size());
            for (int i = 0; i < expected.size(); i++) {
                check(Arrays.equals(found.get(i), expected.get(i)), stream + ": another record " + (i + 1));
            }
        }
        model.documents.forEach((name, content) -> check(
                store.read(name).map(found -> Arrays.equals(found, content)).orElse(false), "document " + name));
    }

    private static List<byte[]> replay(StateStore store, String stream) {
        List<byte[]> found = new ArrayList<>();
        store.replay(stream, entry -> found.add(entry.payload()));
        return found;
    }

    private StateStore store(SimulatedDisk disk) {
        return new DirectoryStateStore(STORE, spoil.apply(disk), new InlineExecutor(), SEGMENT, Duration.ofSeconds(1));
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("seed " + seed + ", crash state " + states + ": " + what);
        }
    }
}
