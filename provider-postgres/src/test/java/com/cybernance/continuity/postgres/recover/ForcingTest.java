package com.cybernance.continuity.postgres.recover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ForcingTest {
    private final RestoreDisk disk = new LocalRestoreDisk();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void await_returnsWhenEveryFileWasForcedAndClosed() throws Exception {
        List<Told> files = new ArrayList<>();
        try (Forcing forcing = new Forcing()) {
            for (int i = 0; i < 200; i++) {
                Told file = told(i);
                files.add(file);
                file.write(0, new byte[100], 0, 100);
                if (i % 7 == 0) {
                    forcing.begin(file);
                }
                forcing.whole(file);
            }
            forcing.await();

            assertThat(files).allSatisfy(each -> {
                assertThat(each.forced.get()).isPositive();
                assertThat(each.closed.get()).isEqualTo(1);
            });
        }
    }

    @Test
    void failureOfForce_isThrown_andNoFileStaysOpen() throws Exception {
        List<Told> files = files(10);
        files.get(3).forceFails = new IOException("no space");

        assertThatThrownBy(() -> forceAll(files)).isSameAs(files.get(3).forceFails);

        assertNoneOpen(files);
    }

    @Test
    void failureOfForceOfAFileThatIsStillWritten_isThrown() throws Exception {
        Told file = told(0);
        file.forceFails = new IOException("no space");
        try (Forcing forcing = new Forcing()) {
            forcing.begin(file);

            assertThatThrownBy(forcing::await).isSameAs(file.forceFails);
        }
        file.close();
    }

    @Test
    void failureOfCloseAfterForce_isThrown() throws Exception {
        List<Told> files = files(2);
        files.get(0).closeFails = new IOException("quota");

        assertThatThrownBy(() -> forceAll(files)).isSameAs(files.get(0).closeFails);

        assertNoneOpen(files);
    }

    @Test
    void forceThatFailsUnchecked_isAFailureToo() throws Exception {
        Told file = told(0);
        file.fails = new IllegalStateException("broken");

        assertThatThrownBy(() -> forceAll(List.of(file)))
                .isInstanceOf(IOException.class)
                .hasCause(file.fails);
    }

    @Test
    void firstCloseThatFails_leavesNoOtherFileOpen() throws Exception {
        List<Told> files = files(5);
        CountDownLatch busy = new CountDownLatch(1);
        files.get(0).busy = busy;
        files.get(1).closeFails = new IOException("first");
        files.get(2).closeFails = new IOException("second");
        Forcing forcing = new Forcing();
        for (Told file : files) {
            forcing.whole(file);
        }
        busy.await();

        assertThatThrownBy(forcing::close)
                .isSameAs(files.get(1).closeFails)
                .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(files.get(2).closeFails));
        assertThat(files).allSatisfy(each -> assertThat(each.closed.get()).isEqualTo(1));
    }

    @Test
    void workerInterruptedByAnother_isNoSuccess() throws Exception {
        Told file = told(0);
        Told late = told(1);
        try (Forcing forcing = new Forcing()) {
            forcing.whole(file);
            file.gone.await();
            Thread worker = requireNonNull(file.forcedBy);
            worker.interrupt();
            worker.join();

            assertThatThrownBy(() -> {
                        forcing.whole(late);
                        forcing.await();
                    })
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        assertThat(late.forced.get()).isZero();
        assertThat(late.closed.get()).isPositive();
    }

    @Test
    void interruptedCaller_stopsWaiting_andNoFileStaysOpen() throws Exception {
        Told file = told(0);
        CountDownLatch busy = new CountDownLatch(1);
        file.busy = busy;
        Forcing forcing = new Forcing();
        forcing.whole(file);
        busy.await();
        Thread.currentThread().interrupt();

        assertThatThrownBy(forcing::await).isInstanceOf(InterruptedIOException.class);
        forcing.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file.closed.get()).isEqualTo(1);
    }

    /** As {@link Extraction} does it: what could not be handed over is the writer's to close, and nothing follows it. */
    private static void forceAll(List<Told> files) throws IOException {
        try (Forcing forcing = new Forcing()) {
            for (Told file : files) {
                file.opened = true;
                boolean handedOver = false;
                try {
                    forcing.whole(file);
                    handedOver = true;
                } finally {
                    if (!handedOver) {
                        file.close();
                    }
                }
            }
            forcing.await();
        }
    }

    private static void assertNoneOpen(List<Told> files) {
        assertThat(files).allSatisfy(each -> assertThat(each.opened && each.closed.get() == 0)
                .isFalse());
    }

    private List<Told> files(int count) throws IOException {
        List<Told> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(told(i));
        }
        return files;
    }

    private Told told(int number) throws IOException {
        return new Told(disk.create(directory.resolve(Integer.toString(number))));
    }

    /** A real file that counts what is done with it, and can be told to fail. */
    private static final class Told implements RestoreDisk.Output {
        private final RestoreDisk.Output file;
        private final CountDownLatch gone = new CountDownLatch(1);
        private final AtomicInteger forced = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private boolean opened;
        private volatile @Nullable Thread forcedBy;
        private volatile @Nullable IOException forceFails;
        private volatile @Nullable IOException closeFails;
        private volatile @Nullable RuntimeException fails;
        private volatile @Nullable CountDownLatch busy;

        private Told(RestoreDisk.Output file) {
            this.file = file;
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            file.write(position, from, offset, length);
        }

        @Override
        public void read(long position, byte[] into, int length) throws IOException {
            file.read(position, into, length);
        }

        @Override
        public void force() throws IOException {
            forcedBy = Thread.currentThread();
            CountDownLatch entered = busy;
            if (entered != null) {
                entered.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("told to end");
                }
            }
            RuntimeException unchecked = fails;
            if (unchecked != null) {
                throw unchecked;
            }
            IOException failure = forceFails;
            if (failure != null) {
                throw failure;
            }
            file.force();
            forced.incrementAndGet();
        }

        @Override
        public void close() throws IOException {
            file.close();
            IOException failure = closeFails;
            boolean first = closed.incrementAndGet() == 1;
            gone.countDown();
            if (failure != null && first) {
                throw failure;
            }
        }
    }
}
