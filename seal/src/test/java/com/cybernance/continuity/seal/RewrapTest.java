package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.random;
import static com.cybernance.continuity.seal.Content.read;
import static com.cybernance.continuity.seal.Content.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that change, are revoked, and come back. */
class RewrapTest {
    private static final byte[] CONTENT = random(100_000, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    private final MemoryVault memory = new MemoryVault();

    @BeforeEach
    void begin() throws IOException {
        keys = TestKeys.make(temporary);
        write(sealed(), "a", CONTENT);
    }

    private SealedVault sealed() {
        return SealedVault.around(memory, keys.ring());
    }

    private LocalKeyRing stranger() throws IOException {
        return TestKeys.make(Files.createDirectories(temporary.resolve("stranger")))
                .ring();
    }

    @Test
    void rewrap_addsAnEnvelope_andTouchesNoOther() {
        MemoryVault before = memory.copy();
        KeyFiles.rotate(keys.online());

        assertThat(sealed().rewrap("a")).isTrue();

        before.all().forEach((name, kept) -> assertThat(memory.kept(name)).isSameAs(kept));
        assertThat(memory.all()).hasSize(before.all().size() + 1).containsKey(memory.envelopes("a") + "00000002");
        assertThat(sealed().keysOf("a")).isEqualTo(keys.ring().sealsFor());
        assertThat(read(sealed(), "a")).isEqualTo(CONTENT);
    }

    @Test
    void rewrap_forTheSameKeys_doesNothing() {
        assertThat(sealed().rewrap("a")).isFalse();
        KeyFiles.rotate(keys.online());
        assertThat(sealed().rewrap("a")).isTrue();
        assertThat(sealed().rewrap("a")).isFalse();
        assertThat(memory.all()).hasSize(3);
    }

    @Test
    void rewrapped_opensWithTheNewKeyAlone() throws IOException {
        String old = keys.ring().sealsFor().get(0);
        KeyFiles.rotate(keys.online());
        assertThat(sealed().canOpen("a")).isTrue();
        sealed().rewrap("a");
        KeyFiles.disable(keys.online(), old);

        assertThat(keys.ring().opens(old)).isFalse();
        assertThat(read(sealed(), "a")).isEqualTo(CONTENT);
        assertThat(read(SealedVault.around(memory, keys.recovery()), "a")).isEqualTo(CONTENT);
    }

    @Test
    void withoutRewrap_theRevokedKeyIsNamed_andTheRecoveryKeyOpens() throws IOException {
        String old = keys.ring().sealsFor().get(0);
        KeyFiles.rotate(keys.online());
        KeyFiles.disable(keys.online(), old);

        assertThat(sealed().canOpen("a")).isFalse();
        assertThatThrownBy(() -> sealed().open("a"))
                .hasMessageContaining(old)
                .hasMessageContaining("opens none of these keys")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.DENIED);
        assertThatThrownBy(() -> sealed().find("a")).hasMessageContaining(old);
        assertThatThrownBy(() -> sealed().list("", each -> {})).hasMessageContaining(old);
        assertThatThrownBy(() -> sealed().rewrap("a")).hasMessageContaining(old);
        assertThat(sealed().keysOf("a")).first().isEqualTo(old);

        SealedVault recovery = SealedVault.around(memory, keys.recovery());
        assertThat(recovery.canOpen("a")).isTrue();
        assertThat(Content.names(recovery, "")).containsExactly("a");
        assertThat(read(recovery, "a")).isEqualTo(CONTENT);
    }

    @Test
    void anotherPlatformsKeys_openNothing() throws IOException {
        SealedVault other = SealedVault.around(memory, stranger());

        assertThat(other.canOpen("a")).isFalse();
        assertThatThrownBy(() -> other.open("a"))
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.DENIED);
    }

    /** A service that holds the key is away, then refuses, while the object itself is well. */
    @Test
    void keyService_thatIsAwayOrRefuses_isReportedAsThat() {
        for (FailureKind kind : List.of(FailureKind.UNREACHABLE, FailureKind.THROTTLED, FailureKind.DENIED)) {
            KeyRing away = new ForwardingKeyRing(keys.ring()) {
                @Override
                public byte[] unwrap(String key, byte[] wrapped, byte[] binding) {
                    throw new ContinuityException(kind, "key " + key + " cannot be had", "wait");
                }
            };
            assertThatThrownBy(() -> SealedVault.around(memory, away).open("a"))
                    .hasMessageContaining("key online-")
                    .extracting(e -> ((ContinuityException) e).kind())
                    .isEqualTo(kind);
        }
    }

    @Test
    void keyTest_readsNoContent() {
        memory.rot("a", new byte[5]);

        assertThat(sealed().canOpen("a")).isTrue();
        assertThatThrownBy(() -> read(sealed(), "a")).isInstanceOf(ContinuityException.class);
    }

    @Test
    void brokenNewestEnvelope_leavesTheOlderOne() {
        String newest = memory.envelopes("a") + "00000002";
        for (byte[] broken : List.of(new byte[0], new byte[100], memory.bytes("a"))) {
            memory.put(newest, broken);
            assertThat(read(sealed(), "a")).isEqualTo(CONTENT);
            assertThat(sealed().rewrap("a")).isTrue();
            assertThat(sealed().rewrap("a")).isFalse();
            memory.remove(memory.envelopes("a") + "00000003");
        }
    }

    @Test
    void envelopeOfANewerFormat_isNamed_whenNoOtherOpens() {
        String name = memory.envelopes("a") + "00000001";
        byte[] newer = memory.bytes(name).clone();
        newer[9] = 2;
        newer[11] = 2;
        memory.put(name, Forgery.withDigest(Forgery.withChecksum(newer)));

        assertThatThrownBy(() -> sealed().open("a"))
                .hasMessageContaining("has format version 2")
                .hasMessageContaining("this release reads up to version 1")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.UNSUPPORTED);
    }

    @Test
    void manyRewraps_atOnce_addOneEnvelopeEachAtMost() throws InterruptedException {
        KeyFiles.rotate(keys.online());
        SealedVault vault = sealed();
        AtomicInteger added = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                if (vault.rewrap("a")) {
                    added.incrementAndGet();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread each : threads) {
            each.join();
        }
        assertThat(added).hasValue(1);
        assertThat(memory.all()).hasSize(3);
    }
}
