package com.cybernance.continuity.testkit;

import static com.cybernance.continuity.testkit.VaultUse.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link StateStore} owes the library. Extend it, hand over stores, and run it as a JUnit test. */
public abstract class StateStoreContract {
    private static final int MOST = 16 << 20;

    private final List<StateStore> opened = new ArrayList<>();

    /** For the author's own test. */
    protected StateStoreContract() {}

    /**
     * A new store over the same place for one demand, which is empty at first. Called several times for one demand: what
     * one store has written, the next one sees.
     */
    protected abstract StateStore store();

    /** Closes what a demand opened. */
    @AfterEach
    public final void closeStores() {
        opened.forEach(StateStore::close);
    }

    private StateStore open() {
        StateStore store = store();
        opened.add(store);
        return store;
    }

    /** A document is written once, and read whole by every store. */
    @Test
    public final void document_isWrittenOnce() {
        StateStore store = open();
        assertThat(store.read("stamp")).as("a document that was never written").isEmpty();
        store.create("stamp", bytes("first"));
        byte[] own = bytes("own");
        store.create("empty", new byte[0]);
        store.create("own", own);
        own[0] = '!';

        for (String content : List.of("first", "other")) {
            assertThat(failure(() -> store.create("stamp", bytes(content))).map(ContinuityException::kind))
                    .as("writing a document again")
                    .contains(FailureKind.CONFLICT);
        }
        StateStore next = open();
        assertThat(next.read("stamp").map(StateStoreContract::text))
                .as("the document")
                .contains("first");
        assertThat(next.read("own").map(StateStoreContract::text))
                .as("the store's own copy")
                .contains("own");
        assertThat(next.read("empty").map(StateStoreContract::text))
                .as("an empty document")
                .contains("");
        assertThat(next.read("stam")).as("another document").isEmpty();
    }

    /** Records come back in order, numbered without gaps, each with a hash of its own and the epoch of its writer. */
    @Test
    public final void records_areReplayedInOrderWithTheirChain() {
        StateStore store = open();
        List<Entry> appended = new ArrayList<>();
        try (StateStore.Writer writer = store.open("evidence")) {
            for (String payload : List.of("a", "", "a", "b")) {
                appended.add(writer.append(bytes(payload)));
            }
            assertThat(appended).extracting(Entry::epoch).as("the epochs").containsOnly(writer.epoch());
        }
        List<Entry> found = new ArrayList<>();
        open().replay("evidence", found::add);

        assertThat(found).extracting(Entry::sequence).as("the numbers").containsExactly(1L, 2L, 3L, 4L);
        assertThat(found)
                .extracting(Entry::hash)
                .as("the hashes")
                .doesNotHaveDuplicates()
                .isEqualTo(appended.stream().map(Entry::hash).toList());
        assertThat(found).extracting(Entry::hash).as("SHA-256 in hex").allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        assertThat(found)
                .extracting(each -> text(each.payload()))
                .as("the payloads")
                .containsExactly("a", "", "a", "b");
        assertThat(replay(store, "evidenc")).as("a stream that does not exist").isEmpty();
    }

    /** Opening again goes on where the last writer ended, in a greater epoch. */
    @Test
    public final void stream_openedAgain_goesOn() {
        long last = 0;
        for (int i = 1; i <= 3; i++) {
            StateStore store = open();
            try (StateStore.Writer writer = store.open("runs")) {
                assertThat(writer.epoch()).as("the epoch of opening %s", i).isGreaterThan(last);
                last = writer.epoch();
                Entry entry = writer.append(bytes("in " + i));
                assertThat(entry.sequence()).as("the number").isEqualTo(i);
                assertThat(entry.epoch()).as("the epoch").isEqualTo(last);
            }
        }
        assertThat(replay(open(), "runs")).as("all records").containsExactly("in 1", "in 2", "in 3");
    }

    /** Two writers of one stream in one store: the second is told. */
    @Test
    public final void secondWriter_inOneStore_isRefused() {
        StateStore store = open();
        StateStore.Writer first = store.open("runs");

        assertThat(failure(() -> store.open("runs")).map(ContinuityException::kind))
                .as("a second writer of one store")
                .contains(FailureKind.CONFLICT);
        assertThat(first.append(bytes("x")).sequence())
                .as("the first one's record")
                .isEqualTo(1);
        assertThat(store.open("other").append(bytes("y")).sequence())
                .as("the record of another stream")
                .isEqualTo(1);
        first.close();
        StateStore.Writer next = store.open("runs");
        first.close();
        assertThat(next.append(bytes("z")).sequence())
                .as("the next one's record")
                .isEqualTo(2);
    }

    /** Of two stores that open one stream, one can append: the second opening is refused, or the first writer is. */
    @Test
    public final void twoWriters_ofTwoStores_areNeverBothHeard() {
        StateStore.Writer first = open().open("runs");
        first.append(bytes("one"));
        StateStore other = open();
        List<StateStore.Writer> second = new ArrayList<>();

        Optional<ContinuityException> refused = failure(() -> second.add(other.open("runs")));
        Optional<ContinuityException> fenced = failure(() -> first.append(bytes("two")));

        assertThat(List.of(refused, fenced).stream().flatMap(Optional::stream).map(ContinuityException::kind))
                .as("how the one was refused")
                .containsExactly(FailureKind.CONFLICT);
        second.forEach(writer -> writer.append(bytes("two")));
        assertThat(replay(open(), "runs")).as("one chain").containsExactly("one", "two");
        if (fenced.isPresent()) {
            assertThat(failure(() -> first.append(bytes("three"))))
                    .as("another record of a writer that was fenced")
                    .isPresent();
        }
    }

    /** What is no name is refused. */
    @Test
    public final void name_outsideThePattern_isRefused() {
        StateStore store = open();
        for (String name : List.of("", ".", "..", "../x", "a/b", "A", "a b", "-x", "\u00e9", "a\0", "a".repeat(65))) {
            for (Runnable act : List.<Runnable>of(
                    () -> store.create(name, new byte[0]),
                    () -> store.read(name),
                    () -> store.open(name),
                    () -> store.replay(name, entry -> {}))) {
                assertThat(failure(act).map(ContinuityException::kind))
                        .as("the name '%s'", name)
                        .contains(FailureKind.MISCONFIGURED);
            }
        }
        store.create("a".repeat(64), bytes("x"));
        assertThat(store.read("a".repeat(64)))
                .as("a document of the longest name")
                .isPresent();
    }

    /** A record of 16 MiB is kept; a larger one is refused, and the writer lives. */
    @Test
    public final void payload_aboveTheLimit_isRefusedAndTheWriterLives() {
        StateStore store = open();
        StateStore.Writer writer = store.open("big");

        assertThat(failure(() -> writer.append(new byte[MOST + 1])).map(ContinuityException::kind))
                .as("a record that is too large")
                .contains(FailureKind.MISCONFIGURED);
        assertThat(writer.append(new byte[MOST]).sequence())
                .as("the largest record")
                .isEqualTo(1);
        assertThat(writer.append(bytes("small")).sequence()).as("the next one").isEqualTo(2);
        List<Integer> lengths = new ArrayList<>();
        open().replay("big", each -> lengths.add(each.payload().length));
        assertThat(lengths).as("the lengths").containsExactly(MOST, 5);
    }

    /** An interrupted append may or may not have happened; the writer goes on, without a gap. */
    @Test
    public final void append_thatIsInterrupted_sparesTheWriter() {
        StateStore store = open();
        StateStore.Writer writer = store.open("runs");
        writer.append(bytes("first"));
        int done = 1;
        for (int i = 0; i < 10; i++) {
            Thread.currentThread().interrupt();
            Optional<ContinuityException> failure = failure(() -> writer.append(bytes("maybe")));
            Thread.interrupted(); // the next call starts without it
            failure.ifPresent(
                    e -> assertThat(e.kind()).as("the kind of the failure").isEqualTo(FailureKind.INTERRUPTED));
            done += failure.isEmpty() ? 1 : 0;
        }
        Entry last = writer.append(bytes("last"));

        List<String> found = replay(open(), "runs");
        assertThat(found).as("the records").hasSize((int) last.sequence()).endsWith("last");
        assertThat(found.subList(1, found.size() - 1))
                .as("the ones between")
                .allMatch("maybe"::equals)
                .hasSizeBetween(done - 1, 10);
    }

    /** Who replays while somebody appends sees a beginning of the stream that only grows. */
    @Test
    public final void replay_whileSomebodyAppends_showsAGrowingBeginning() throws InterruptedException {
        int records = 40;
        StateStore.Writer writer = open().open("runs");
        AtomicInteger acknowledged = new AtomicInteger();
        Thread appending = new Thread(() -> {
            for (int i = 1; i <= records; i++) {
                writer.append(bytes("record " + i));
                acknowledged.set(i);
            }
        });
        appending.start();
        StateStore reader = open();
        int seen = 0;
        boolean over = false;
        while (!over) {
            over = !appending.isAlive();
            int least = acknowledged.get();
            List<String> found = replay(reader, "runs");
            assertThat(found.size()).as("records seen").isGreaterThanOrEqualTo(Math.max(seen, least));
            for (int i = seen; i < found.size(); i++) {
                assertThat(found.get(i)).as("record %s", i + 1).isEqualTo("record " + (i + 1));
            }
            seen = found.size();
        }
        appending.join();
        assertThat(seen).as("all records").isEqualTo(records);
    }

    /** A closed store and a closed writer refuse everything; closing again does nothing; the lease is free. */
    @Test
    public final void use_afterClose_isRefused() {
        StateStore store = open();
        StateStore.Writer writer = store.open("runs");
        store.close();
        store.close();
        writer.close();

        for (Runnable act : List.<Runnable>of(
                () -> writer.append(bytes("x")),
                () -> store.open("runs"),
                () -> store.read("d"),
                () -> store.create("d", bytes("x")),
                () -> store.replay("runs", each -> {}))) {
            assertThat(failure(act)).as("a use after the close").isPresent();
        }
        assertThat(open().open("runs").append(bytes("x")).sequence())
                .as("the record of the next store")
                .isEqualTo(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> replay(StateStore store, String stream) {
        List<String> found = new ArrayList<>();
        store.replay(stream, entry -> found.add(text(entry.payload())));
        return found;
    }
}
