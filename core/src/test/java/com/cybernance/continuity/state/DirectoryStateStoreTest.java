package com.cybernance.continuity.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.DelegatingDisk;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.internal.disk.LocalDisk;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryStateStoreTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private Path root() {
        return temporary.resolve("state");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> replay(StateStore store, String stream) {
        List<String> found = new ArrayList<>();
        store.replay(stream, entry -> found.add(new String(entry.payload(), StandardCharsets.UTF_8)));
        return found;
    }

    private static ContinuityException failure(Runnable act) {
        return catchThrowableOfType(ContinuityException.class, act::run);
    }

    @Test
    void open_ofAStore_touchesNoFileAndStartsNoThread() {
        int threads = Thread.activeCount();
        try (StateStore store = DirectoryStateStore.open(temporary.resolve("no").resolve("such"))) {
            assertThat(store).isNotNull();
            assertThat(temporary).isEmptyDirectory();
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        }
    }

    @Test
    void records_appended_areReplayedInOrderWithTheirChain() {
        try (StateStore store = DirectoryStateStore.open(root());
                StateStore.Writer writer = store.open("evidence")) {
            Entry first = writer.append(bytes("a"));
            Entry second = writer.append(new byte[0]);
            List<Entry> found = new ArrayList<>();
            store.replay("evidence", found::add);
            assertThat(found).extracting(Entry::sequence).containsExactly(1L, 2L);
            assertThat(found).extracting(Entry::hash).containsExactly(first.hash(), second.hash());
            assertThat(found).extracting(Entry::epoch).containsOnly(writer.epoch());
            assertThat(replay(store, "nothing-here")).isEmpty();
        }
    }

    @Test
    void epoch_growsWithEveryOpening() {
        for (long epoch = 1; epoch <= 3; epoch++) {
            try (StateStore store = DirectoryStateStore.open(root());
                    StateStore.Writer writer = store.open("runs")) {
                assertThat(writer.epoch()).isEqualTo(epoch);
                writer.append(bytes("in " + epoch));
            }
        }
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(replay(store, "runs")).containsExactly("in 1", "in 2", "in 3");
        }
    }

    @Test
    void document_isWrittenOnce() {
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(store.read("stamp")).isEmpty();
            store.create("stamp", bytes("first"));
            ContinuityException second = failure(() -> store.create("stamp", bytes("first")));
            assertThat(second.kind()).isEqualTo(FailureKind.CONFLICT);
            assertThat(second)
                    .hasMessageContaining("document 'stamp' exists already")
                    .hasMessageContaining("Hint");
            assertThat(store.read("stamp"))
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(bytes("first")));
            assertThat(store.read("other")).isEmpty();
        }
        assertThat(root().resolve("documents"))
                .isDirectoryNotContaining(p -> p.toString().contains("draft"));
    }

    @Test
    void document_putInThePlaceOfAnother_isRefused() throws IOException {
        try (StateStore store = DirectoryStateStore.open(root())) {
            store.create("one", bytes("1"));
            Path documents = root().resolve("documents");
            Files.copy(documents.resolve("one.doc"), documents.resolve("two.doc"));
            assertThat(failure(() -> store.read("two")))
                    .hasMessageContaining("two.doc is corrupt at offset 34: expected the header of document 'two'")
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void filesOfAnotherStore_areRefused() throws IOException {
        Path other = temporary.resolve("other");
        for (Path each : List.of(root(), other)) {
            try (StateStore store = DirectoryStateStore.open(each)) {
                store.create("doc", bytes("x"));
            }
        }
        Path file = Path.of("documents", "doc.doc");
        Files.copy(other.resolve(file), root().resolve(file), StandardCopyOption.REPLACE_EXISTING);
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(failure(() -> store.read("doc"))).hasMessageContaining("expected store id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "A", "a b", "é", "a\n", ".hidden", "-x", "a\u0000", "a\\b"})
    void name_outsideThePattern_isRefused(String name) {
        try (StateStore store = DirectoryStateStore.open(root())) {
            for (Runnable act : List.<Runnable>of(
                    () -> store.create(name, new byte[0]),
                    () -> store.read(name),
                    () -> store.open(name),
                    () -> store.replay(name, entry -> {}))) {
                assertThat(failure(act))
                        .hasMessageContaining("cannot be called")
                        .extracting(ContinuityException::kind)
                        .isEqualTo(FailureKind.MISCONFIGURED);
            }
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void name_ofSixtyFourCharacters_works() {
        String name = "a".repeat(64);
        try (StateStore store = DirectoryStateStore.open(root());
                StateStore.Writer writer = store.open(name)) {
            writer.append(bytes("x"));
            store.create(name, bytes("y"));
            assertThat(replay(store, name)).containsExactly("x");
            assertThat(store.read(name)).isPresent();
            assertThat(failure(() -> store.read(name + "a"))).hasMessageContaining("cannot be called");
        }
    }

    @Test
    void payload_aboveSixteenMebibytes_isRefusedAndTheWriterLives() {
        try (StateStore store = DirectoryStateStore.open(root());
                StateStore.Writer writer = store.open("big")) {
            assertThat(failure(() -> writer.append(new byte[(16 << 20) + 1])))
                    .hasMessageContaining("16777217 bytes: expected at most 16777216");
            assertThat(writer.append(new byte[16 << 20]).sequence()).isEqualTo(1);
            assertThat(writer.append(bytes("small")).sequence()).isEqualTo(2);
            assertThat(replay(store, "big")).hasSize(2);
        }
    }

    @Test
    void directory_thatIsAFile_isNamed() throws IOException {
        Files.writeString(root(), "a file");
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(failure(() -> store.open("s"))).hasMessageContaining(root() + " is a file");
            assertThat(failure(() -> store.read("d"))).hasMessageContaining("expected a directory");
        }
    }

    @Test
    void directory_withoutAParent_isNamed() {
        Path lost = temporary.resolve("no").resolve("such");
        try (StateStore store = DirectoryStateStore.open(lost)) {
            assertThat(failure(() -> store.open("s")))
                    .hasMessageContaining("expected a directory " + temporary.resolve("no"))
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.MISCONFIGURED);
            assertThat(failure(() -> store.replay("s", e -> {}))).hasMessageContaining("mounted");
        }
    }

    @Test
    void directory_thatMayNotBeWritten_isDenied() {
        Disk readOnly = new DelegatingDisk(new LocalDisk()) {
            @Override
            protected void before(String act, Path where) throws IOException {
                throw new AccessDeniedException(where.toString());
            }
        };
        try (StateStore store = over(readOnly)) {
            assertThat(failure(() -> store.create("d", bytes("x"))))
                    .hasMessageContaining("AccessDenied")
                    .hasMessageContaining(root().toString())
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.DENIED);
        }
    }

    private StateStore over(Disk disk) {
        return new DirectoryStateStore(root(), disk, IoThreads.single("test"), 8 << 10, Duration.ofMillis(300));
    }

    @Test
    void use_afterClose_isRefused() {
        StateStore store = DirectoryStateStore.open(root());
        StateStore.Writer writer = store.open("s");
        store.close();
        store.close();
        writer.close();
        assertThat(failure(() -> writer.append(bytes("x")))).hasMessageContaining("is closed");
        assertThat(failure(() -> store.open("s"))).hasMessageContaining("is closed");
        assertThat(failure(() -> store.read("s"))).hasMessageContaining("is closed");
        try (StateStore next = DirectoryStateStore.open(root())) {
            assertThat(next.open("s").epoch()).isEqualTo(2);
        }
    }

    @Test
    void close_withAHangingDisk_returnsWithinItsBound() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        AtomicReference<Thread> hanger = new AtomicReference<>();
        Disk hanging = new DelegatingDisk(new LocalDisk()) {
            @Override
            protected void force(Handle handle, Path file) throws IOException {
                hanger.set(Thread.currentThread());
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.force(handle, file);
            }
        };
        StateStore store = over(hanging);
        Thread caller = new Thread(() -> failure(() -> store.create("d", bytes("x"))));
        caller.start();
        while (caller.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(store::close)
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("did not end within");
        hang.countDown();
        // It still writes into the directory, which the test's end removes.
        Objects.requireNonNull(hanger.get()).join();
    }

    @Test
    void append_byAnInterruptedCaller_sparesTheWriter() {
        try (StateStore store = DirectoryStateStore.open(root());
                StateStore.Writer writer = store.open("s")) {
            for (int i = 0; i < 50; i++) {
                Thread.currentThread().interrupt();
                ContinuityException interrupted = failure(() -> writer.append(bytes("maybe")));
                assertThat(Thread.interrupted()).isTrue();
                assertThat(interrupted).extracting(ContinuityException::kind).isEqualTo(FailureKind.INTERRUPTED);
            }
            Entry after = writer.append(bytes("sure"));
            assertThat(replay(store, "s")).hasSize((int) after.sequence()).endsWith("sure");
        }
    }

    @Test
    void open_byAnInterruptedCaller_keepsNoLease() {
        try (StateStore store = DirectoryStateStore.open(root())) {
            for (int i = 0; i < 20; i++) {
                Thread.currentThread().interrupt();
                assertThat(failure(() -> store.open("s")).kind()).isEqualTo(FailureKind.INTERRUPTED);
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(store.open("s").append(bytes("x")).sequence()).isEqualTo(1);
        }
    }

    @Test
    void replay_whileSomebodyAppends_showsAGrowingPrefix() throws InterruptedException {
        int records = 400;
        try (StateStore store = over(new LocalDisk());
                StateStore reader = over(new LocalDisk())) {
            Thread appending = new Thread(() -> {
                try (StateStore.Writer writer = store.open("s")) {
                    for (int i = 0; i < records; i++) {
                        writer.append(bytes(i + " " + "x".repeat(i)));
                    }
                }
            });
            appending.start();
            int seen = 0;
            boolean over = false;
            while (!over) {
                over = !appending.isAlive();
                List<String> found = replay(reader, "s");
                assertThat(found).hasSizeGreaterThanOrEqualTo(seen);
                for (int i = seen; i < found.size(); i++) {
                    assertThat(found.get(i)).isEqualTo(i + " " + "x".repeat(i));
                }
                seen = found.size();
            }
            assertThat(seen).isEqualTo(records);
            appending.join();
        }
    }

    @Test
    void append_inWritesOfOneByte_arrivesWhole() {
        Disk stingy = new DelegatingDisk(new LocalDisk()) {
            @Override
            protected int taken(int offered) {
                return Math.min(1, offered);
            }
        };
        try (StateStore store = over(stingy);
                StateStore.Writer writer = store.open("s")) {
            writer.append(bytes("slowly"));
            store.create("d", bytes("byte by byte"));
            assertThat(replay(store, "s")).containsExactly("slowly");
            assertThat(store.read("d")).isPresent();
        }
    }

    @Test
    void tornTail_isKeptAsideAndCutOff() throws IOException {
        try (StateStore store = DirectoryStateStore.open(root())) {
            store.open("s").append(bytes("whole"));
        }
        Path stream = root().resolve("streams").resolve("s");
        Path segment = stream.resolve("0000000000000000001.log");
        Files.write(segment, new byte[] {0, 0, 0, 9, 1}, StandardOpenOption.APPEND);
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(replay(store, "s")).containsExactly("whole");
            store.open("s").append(bytes("next"));
            assertThat(replay(store, "s")).containsExactly("whole", "next");
        }
        try (Stream<Path> files = Files.list(stream)) {
            assertThat(files.filter(p -> p.toString().endsWith("-205.torn")))
                    .singleElement()
                    .satisfies(torn -> assertThat(torn).hasBinaryContent(new byte[] {0, 0, 0, 9, 1}));
        }
    }

    @Test
    void headThatIsOlderThanItsRecords_isRefused() throws IOException {
        Path head = root().resolve("streams").resolve("s").resolve("head");
        byte[] old;
        try (StateStore store = DirectoryStateStore.open(root())) {
            StateStore.Writer writer = store.open("s");
            writer.append(bytes("1"));
            old = Files.readAllBytes(head);
            writer.append(bytes("2"));
            writer.append(bytes("3"));
        }
        Files.write(head, old);
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(failure(() -> store.open("s")))
                    .hasMessageContaining("at most record 2 behind the acknowledged end")
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void newerFormat_thatSaysItCanBeRead_isReadOnly() throws IOException {
        fill();
        version(root().resolve("store"), 2, 1);
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(replay(store, "s")).containsExactly("x");
            assertThat(store.read("d")).isPresent();
            for (Runnable act : List.<Runnable>of(() -> store.open("s"), () -> store.create("e", bytes("y")))) {
                assertThat(failure(act))
                        .hasMessageContaining("has format version 2, which is read-only for this release")
                        .extracting(ContinuityException::kind)
                        .isEqualTo(FailureKind.UNSUPPORTED);
            }
        }
    }

    @Test
    void newerFormat_thatSaysItCannotBeRead_isRefused() throws IOException {
        fill();
        version(root().resolve("documents").resolve("d.doc"), 3, 2);
        try (StateStore store = DirectoryStateStore.open(root())) {
            assertThat(failure(() -> store.read("d")))
                    .hasMessageContaining("has format version 3, which cannot be read by this release")
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.UNSUPPORTED);
        }
    }

    private void fill() {
        try (StateStore store = DirectoryStateStore.open(root())) {
            store.open("s").append(bytes("x"));
            store.create("d", bytes("y"));
        }
    }

    private static void version(Path file, int written, int readable) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer preamble = ByteBuffer.wrap(bytes);
        preamble.putShort(8, (short) written).putShort(10, (short) readable);
        preamble.putInt(12, Bytes.crc32c(bytes, 0, 12));
        if (file.endsWith("store")) {
            preamble.putInt(bytes.length - 4, Bytes.crc32c(bytes, 0, bytes.length - 4));
        }
        Files.write(file, bytes);
    }
}
