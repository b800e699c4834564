package com.cybernance.continuity.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.HeldLocks;
import com.cybernance.continuity.spi.StateStore;
import java.io.Closeable;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly one writer: in one store, between stores, class loaders and processes. */
class LeaseTest {
    private static final byte[] RECORD = "x".getBytes(StandardCharsets.UTF_8);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private static ContinuityException refused(StateStore store) {
        return catchThrowableOfType(ContinuityException.class, () -> store.open("log"));
    }

    private static void assertHeldByUs(ContinuityException refused) {
        assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
        assertThat(refused)
                .hasMessageContaining("stream 'log' in ")
                .hasMessageContaining("already has a writer: process "
                        + ProcessHandle.current().pid())
                .hasMessageContaining("Hint: exactly one writer");
    }

    private void assertHeldAsSeenByAnotherProcess() throws IOException {
        try (ChildProcess child = new ChildProcess(temporary, "honest", 1)) {
            assertThat(child.line()).startsWith("refused CONFLICT");
        }
    }

    @Test
    void secondWriter_inThisProcess_isToldWhoHoldsTheLease() throws IOException {
        try (StateStore one = DirectoryStateStore.open(temporary);
                StateStore two = DirectoryStateStore.open(temporary)) {
            StateStore.Writer writer = one.open("log");
            assertHeldByUs(refused(one));
            assertHeldByUs(refused(two));
            assertHeldAsSeenByAnotherProcess();
            writer.append(RECORD);
            writer.close();
            assertThat(two.open("log").append(RECORD).sequence()).isEqualTo(2);
        }
    }

    @Test
    void secondWriter_throughASymbolicLink_isRefused() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Files.createDirectory(temporary.resolve("d")));
        try (StateStore one = DirectoryStateStore.open(temporary.resolve("d"));
                StateStore two = DirectoryStateStore.open(link)) {
            one.open("log").append(RECORD);
            assertHeldByUs(refused(two));
        }
    }

    @Test
    void secondWriter_inAnotherClassLoader_isRefusedAndTheLockStays() throws Exception {
        URL[] home = {
            Path.of(ChildProcess.home(DirectoryStateStore.class)).toUri().toURL()
        };
        try (StateStore one = DirectoryStateStore.open(temporary);
                URLClassLoader other = new URLClassLoader(home, ClassLoader.getPlatformClassLoader())) {
            one.open("log").append(RECORD);
            Class<?> type = other.loadClass(DirectoryStateStore.class.getName());
            assertThat(type).isNotSameAs(DirectoryStateStore.class);
            Object two = type.getMethod("open", Path.class).invoke(null, temporary);
            Throwable refused =
                    catchThrowable(() -> type.getMethod("open", String.class).invoke(two, "log"));
            assertThat(refused.getCause()).hasMessageContaining("already has a writer");
            type.getMethod("close").invoke(two);
            assertHeldAsSeenByAnotherProcess();
        }
    }

    @Test
    void lock_takenBehindTheListOfHeldOnes_isNotDroppedByASecondAttempt() throws IOException {
        try (StateStore one = DirectoryStateStore.open(temporary)) {
            one.open("log").append(RECORD);
            Path lock = temporary.resolve("streams").resolve("log").resolve("lock");
            Object held = System.getProperties().keySet().stream()
                    .filter(key -> key.toString().contains("continuity.state.lease")
                            && key.toString().contains(inode(lock)))
                    .findAny()
                    .orElseThrow();
            System.getProperties().remove(held);
            try (Closeable second = HeldLocks.tryLock(lock)) {
                assertThat(second).isNull();
            }
            assertHeldAsSeenByAnotherProcess();
        }
    }

    private static String inode(Path lock) {
        try {
            return Files.getAttribute(lock.resolveSibling("."), "unix:ino").toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void holder_thatIsStopped_keepsItsLeaseAndGoesOn() throws Exception {
        try (ChildProcess child = new ChildProcess(temporary, "honest", 2);
                StateStore store = DirectoryStateStore.open(temporary)) {
            child.lineWith("ack");
            child.signal("STOP");
            ContinuityException refused = refused(store);
            assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
            assertThat(refused).hasMessageContaining("process " + child.pid());
            child.signal("CONT");
            for (int i = 0; i < 200; i++) {
                child.lineWith("ack");
            }
            child.kill();
            assertThat(store.open("log").epoch()).isEqualTo(2);
        }
    }

    @Test
    void holder_whoseLeaseWasStolen_noticesAtItsNextAppend() throws IOException {
        try (StateStore store = DirectoryStateStore.open(temporary)) {
            StateStore.Writer writer = store.open("log");
            writer.append(RECORD);
            Files.delete(temporary.resolve("streams").resolve("log").resolve("lock"));
            try (ChildProcess thief = new ChildProcess(temporary, "honest", 3)) {
                thief.lineWith("ack");
                ContinuityException noticed =
                        catchThrowableOfType(ContinuityException.class, () -> writer.append(RECORD));
                assertThat(noticed.kind()).isEqualTo(FailureKind.CONFLICT);
                assertThat(noticed)
                        .hasMessageContaining("was changed by somebody else: expected epoch 1")
                        .hasMessageContaining("observed epoch 2")
                        .hasMessageContaining("process " + thief.pid());
                ContinuityException poisoned =
                        catchThrowableOfType(ContinuityException.class, () -> writer.append(RECORD));
                assertThat(poisoned).hasMessageContaining("takes no more records");
            }
        }
    }

    @Test
    void holder_whoseSegmentGrew_noticesAtItsNextAppend() throws IOException {
        try (StateStore store = DirectoryStateStore.open(temporary)) {
            StateStore.Writer writer = store.open("log");
            writer.append(RECORD);
            Path segment = temporary.resolve("streams").resolve("log").resolve("0000000000000000001.log");
            Files.write(segment, RECORD, StandardOpenOption.APPEND);
            ContinuityException noticed = catchThrowableOfType(ContinuityException.class, () -> writer.append(RECORD));
            assertThat(noticed).hasMessageContaining("to end at 201, observed 202");
        }
    }
}
