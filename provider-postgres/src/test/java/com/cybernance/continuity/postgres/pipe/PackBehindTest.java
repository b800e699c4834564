package com.cybernance.continuity.postgres.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PackBehindTest {
    private final Chunks chunks = new Chunks();

    @Test
    void whatIsWrittenWithTheBuffersOfTheOneBefore_isUnpackedAgain_andNeedsNoOthers() throws Exception {
        Set<byte[]> before = Set.of();
        for (int seed = 0; seed < 4; seed++) {
            byte[] content = content(seed, (4 << 20) + seed);
            ByteArrayOutputStream below = new ByteArrayOutputStream();
            try (PackBehind packing = packing(below)) {
                packing.write(content[0]);
                packing.write(content, 1, content.length - 1);
                packing.finish();
            }

            try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(below.toByteArray()))) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            Set<byte[]> kept = free();
            assertThat(kept).hasSizeLessThanOrEqualTo(8);
            assertThat(kept.containsAll(before)).as("buffers are handed on").isTrue();
            before = kept;
        }
    }

    @Test
    void failureBelow_isThrownAsItIs_howeverMuchFollows() throws Exception {
        Stream.of(new IOException("No space left on device"), new IllegalStateException("broken"))
                .forEach(failure -> assertThatThrownBy(() -> {
                            try (PackBehind packing = packing(failing(failure))) {
                                packing.write(content(1, 12 << 20));
                                packing.finish();
                            }
                        })
                        .isSameAs(failure)
                        .hasNoSuppressedExceptions());
    }

    @Test
    void givenUpWhileTheStreamBelowWrites_handsNoBufferOnBeforeThat() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        List<Boolean> free = new ArrayList<>();
        PackBehind packing = packing(new OutputStream() {
            @Override
            public void write(int one) {}

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                entered.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    free.add(free().contains(bytes));
                    throw new IOException(e);
                }
            }
        });
        packing.write(content(1, 1 << 20));
        entered.await();
        packing.close();

        assertThat(free).containsExactly(false);
        assertThat(free()).isNotEmpty();
    }

    private PackBehind packing(OutputStream below) throws IOException {
        return new PackBehind("test", below, 3, (name, to) -> new WriteBehind(name, to, chunks));
    }

    /** The buffers that wait for the next one; none is made for this. */
    private Set<byte[]> free() {
        Set<byte[]> free = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int left = chunks.free(); left > 0; left--) {
            free.add(chunks.take());
        }
        free.forEach(chunks::giveBack);
        return free;
    }

    private static OutputStream failing(Exception failure) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (failure instanceof IOException io) {
                    throw io;
                }
                throw (RuntimeException) failure;
            }
        };
    }

    private static byte[] content(int seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }
}
