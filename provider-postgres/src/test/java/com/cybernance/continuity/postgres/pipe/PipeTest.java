package com.cybernance.continuity.postgres.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PipeTest {
    private static final int SIZE = 5 << 20;

    @Test
    void writeBehind_bringsEveryByteInOrder() throws Exception {
        byte[] content = content();
        ByteArrayOutputStream below = new ByteArrayOutputStream();
        try (WriteBehind behind = new WriteBehind("test", below)) {
            behind.write(content[0]);
            for (int at = 1; at < SIZE; at += 70_001) {
                behind.write(content, at, Math.min(70_001, SIZE - at));
            }
            behind.finish();
            assertThatThrownBy(() -> behind.write(1)).isInstanceOf(IOException.class);
        }

        assertThat(below.toByteArray()).isEqualTo(content);
    }

    @Test
    void writeBehind_failureBelow_isThrownAndNothingFollowsIt() {
        Failing below = new Failing(new IOException("full"));
        WriteBehind behind = new WriteBehind("test", below);

        assertThatThrownBy(() -> {
                    behind.write(content());
                    behind.finish();
                })
                .isSameAs(below.failure);
        behind.close();
        assertThat(below.calls).isEqualTo(1);
    }

    @Test
    void writeBehind_failureOfTheLastBytes_isThrownByFinish() throws Exception {
        Failing below = new Failing(new IOException("full"));
        WriteBehind behind = new WriteBehind("test", below);
        behind.write(new byte[10]);

        assertThatThrownBy(behind::finish).isSameAs(below.failure);
    }

    @Test
    void writeBehind_interruptedWriter_leavesNoThreadBelow() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        WriteBehind behind = new WriteBehind("test", new OutputStream() {
            @Override
            public void write(int one) {}

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                entered.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    left.countDown();
                    throw new IOException(e);
                }
            }
        });
        behind.write(new byte[1 << 18]);
        entered.await();
        Thread.currentThread().interrupt();

        assertThatThrownBy(behind::finish).isInstanceOfSatisfying(ContinuityException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(left.getCount()).isZero();
    }

    @Test
    void readAhead_bringsEveryByteInOrder_thenTheEnd() throws Exception {
        byte[] content = content();
        InputStream below = new ByteArrayInputStream(content);
        try (ReadAhead ahead = new ReadAhead("test", below)) {
            assertThat(ahead.readAllBytes()).isEqualTo(content);
            assertThat(ahead.read()).isEqualTo(-1);
        }
    }

    @Test
    void readAhead_failureBelow_comesBehindTheBytesBeforeIt_againAndAgain() throws Exception {
        byte[] content = content();
        InputStream below = new SequenceInputStream(new ByteArrayInputStream(content), new InputStream() {
            @Override
            public int read() {
                throw new ContinuityException(FailureKind.CORRUPT, "rotten", "throw it away");
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return read();
            }
        });
        try (ReadAhead ahead = new ReadAhead("test", below)) {
            assertThat(ahead.readNBytes(SIZE - (SIZE % (256 << 10)))).hasSize(SIZE - (SIZE % (256 << 10)));
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(ahead::readAllBytes)
                        .isInstanceOf(ContinuityException.class)
                        .hasMessageContaining("rotten");
            }
        }
    }

    @Test
    void readAhead_readerInterruptedWhileItWaited_mayReadAgain_andNoChunkIsReadIntoTwice() throws Exception {
        byte[] content = content();
        CountDownLatch more = new CountDownLatch(1);
        Thread[] worker = new Thread[1];
        InputStream below = new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                worker[0] = Thread.currentThread();
                if (pos > 0) {
                    try {
                        more.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                return super.read(into, offset, length);
            }
        };
        try (ReadAhead ahead = new ReadAhead("test", below)) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            read.write(ahead.readNBytes(256 << 10));
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::read).isInstanceOfSatisfying(ContinuityException.class, e -> assertThat(e.kind())
                    .isEqualTo(FailureKind.INTERRUPTED));
            assertThat(Thread.interrupted()).isTrue();
            read.write(readWhenBehind(ahead, more, worker));

            assertThat(read.toByteArray()).isEqualTo(content);
        }
    }

    /** Only when the thread is as far ahead as it can be, when it has used every chunk that it takes for free. */
    private static byte[] readWhenBehind(ReadAhead ahead, CountDownLatch more, Thread[] worker) throws Exception {
        byte[] first = new byte[1];
        more.countDown();
        assertThat(ahead.read(first)).isEqualTo(1);
        long until = System.nanoTime() + 60_000_000_000L;
        while (worker[0].getState() != Thread.State.WAITING && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        read.write(first);
        ahead.transferTo(read);
        return read.toByteArray();
    }

    @Test
    void readAhead_closedEarly_leavesNoThreadBelow() throws Exception {
        Thread[] reader = new Thread[1];
        CountDownLatch entered = new CountDownLatch(1);
        ReadAhead ahead = new ReadAhead("test", new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                reader[0] = Thread.currentThread();
                entered.countDown();
                return length;
            }
        });
        entered.await();
        ahead.close();

        assertThat(reader[0].isAlive()).isFalse();
        assertThatThrownBy(ahead::read).isInstanceOf(IOException.class);
    }

    @Test
    void writeBehind_workerInterruptedByAnother_isNoSuccess() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        Thread[] worker = new Thread[1];
        ByteArrayOutputStream below = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                super.write(bytes, offset, length);
                worker[0] = Thread.currentThread();
                written.countDown();
            }
        };
        try (WriteBehind behind = new WriteBehind("test", below)) {
            behind.write(new byte[1 << 18]);
            written.await();
            worker[0].interrupt();
            worker[0].join();

            assertThatThrownBy(() -> {
                        behind.write(content());
                        behind.finish();
                    })
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        assertThat(below.size()).isEqualTo(1 << 18);
    }

    @Test
    void readAhead_workerInterruptedByAnother_isNoEnd() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        Thread[] worker = new Thread[1];
        try (ReadAhead ahead = new ReadAhead("test", new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                worker[0] = Thread.currentThread();
                entered.countDown();
                return length;
            }
        })) {
            entered.await();
            worker[0].interrupt();
            worker[0].join();

            assertThatThrownBy(ahead::readAllBytes).isInstanceOf(InterruptedIOException.class);
        }
    }

    @Test
    void endedThread_isDeadAlthoughTheCallerIsInterrupted_andTheCallerStaysInterrupted() {
        Thread thread = new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // That is how it ends.
            }
        });
        thread.start();
        Thread.currentThread().interrupt();

        Threads.end(thread);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thread.isAlive()).isFalse();
        Threads.end(thread);
        Threads.end(new Thread(() -> {}));
    }

    private static byte[] content() {
        byte[] content = new byte[SIZE];
        new Random(7).nextBytes(content);
        return content;
    }

    private static final class Failing extends OutputStream {
        private final IOException failure;
        private int calls;

        private Failing(IOException failure) {
            this.failure = failure;
        }

        @Override
        public void write(int one) throws IOException {
            throw failure;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            calls++;
            throw failure;
        }
    }
}
