package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.internal.disk.LocalDisk;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** A process to be killed: appends for ever and says on its output what was acknowledged. */
final class AppendingChild {
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private AppendingChild() {}

    /** Arguments: directory, {@code honest}, {@code early} or {@code sharing}, and a seed. */
    public static void main(String[] args) throws IOException {
        Random random = new Random(Long.parseLong(args[2]));
        try (StateStore store = small(Path.of(args[0]))) {
            switch (args[1]) {
                case "sharing" -> share(store, random);
                case "early" -> promise(store, random);
                default -> append(store, random, Integer.MAX_VALUE);
            }
        } catch (ContinuityException e) {
            say("refused " + e.kind() + " " + e.getMessage());
        }
    }

    static DirectoryStateStore small(Path root) {
        return new DirectoryStateStore(
                root, new LocalDisk(), IoThreads.single("child"), 8 << 10, Duration.ofSeconds(5));
    }

    private static void append(StateStore store, Random random, int count) throws IOException {
        try (StateStore.Writer writer = store.open("log")) {
            for (int i = 0; i < count; i++) {
                String payload = payload(random);
                Entry entry = writer.append(payload.getBytes(StandardCharsets.UTF_8));
                say("ack " + entry.sequence() + " " + payload);
                if (random.nextInt(16) == 0) {
                    String name = "d" + random.nextInt(Integer.MAX_VALUE);
                    store.create(name, payload.getBytes(StandardCharsets.UTF_8));
                    say("doc " + name + " " + payload);
                }
            }
        }
    }

    /** The planted bug: an acknowledgement before the write. */
    private static void promise(StateStore store, Random random) throws IOException {
        long[] last = {0};
        store.replay("log", entry -> last[0] = entry.sequence());
        try (StateStore.Writer writer = store.open("log")) {
            while (true) {
                String payload = payload(random);
                say("ack " + ++last[0] + " " + payload);
                writer.append(payload.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void share(StateStore store, Random random) throws IOException {
        while (true) {
            try {
                append(store, random, 1 + random.nextInt(5));
            } catch (ContinuityException e) {
                say("conflict " + e.kind());
            }
        }
    }

    private static String payload(Random random) {
        return Long.toHexString(random.nextLong()) + "x".repeat(random.nextInt(600));
    }

    private static void say(String line) throws IOException {
        OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
