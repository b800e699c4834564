package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.random;
import static com.cybernance.continuity.seal.Content.read;
import static com.cybernance.continuity.seal.Content.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedVaultTest {
    private static final int FIRST_SEGMENT = SegmentCipher.SEGMENT - 40 - 16;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    private final MemoryVault memory = new MemoryVault();

    @SuppressWarnings("NullAway.Init") // set before each test
    private SealedVault vault;

    @BeforeEach
    void begin() throws IOException {
        keys = TestKeys.make(temporary);
        vault = SealedVault.around(memory, keys.ring());
    }

    private static Stored plain(String name, byte[] content) {
        MemoryVault.Kept kept = MemoryVault.honest(content);
        return new Stored(name, kept.size(), kept.sha256(), MemoryVault.SINCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, FIRST_SEGMENT - 1, FIRST_SEGMENT, FIRST_SEGMENT + 1, 65_536, 300_000})
    void content_comesBack_withTheSizeAndDigestThatItHad(int length) {
        byte[] content = random(length, length);

        assertThat(write(vault, "pg/1/data", content)).isEqualTo(plain("pg/1/data", content));

        assertThat(read(vault, "pg/1/data")).isEqualTo(content);
        assertThat(vault.find("pg/1/data")).contains(plain("pg/1/data", content));
        SealedVault fresh = SealedVault.around(memory, keys.recovery());
        assertThat(fresh.find("pg/1/data")).contains(plain("pg/1/data", content));
        assertThat(read(fresh, "pg/1/data")).isEqualTo(content);
    }

    @Test
    void content_mayBeWrittenInPiecesOfAnySize() throws IOException {
        byte[] content = random(200_000, 7);
        try (Vault.Draft draft = vault.create("a")) {
            draft.write(content[0]);
            for (int at = 1, step = 1; at < content.length; at += step, step = step * 3 % 70_001 + 1) {
                draft.write(content, at, Math.min(step, content.length - at));
                draft.flush();
            }
            draft.commit();
        }
        assertThat(read(vault, "a")).isEqualTo(content);
    }

    @Test
    void nothingReadable_reachesTheVault() {
        byte[] content = "a sentence that must not be found ".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
        String digest = write(vault, "a", content).sha256();

        for (MemoryVault.Kept each : memory.all().values()) {
            String bytes = new String(each.bytes(), StandardCharsets.ISO_8859_1);
            assertThat(bytes).doesNotContain("sentence", digest);
            assertThat(HexFormat.of().formatHex(each.bytes())).doesNotContain(digest);
        }
    }

    @Test
    void sameContent_isSealedDifferentlyEachTime() {
        write(vault, "a", new byte[1000]);
        write(vault, "b", new byte[1000]);

        assertThat(memory.bytes("a")).isNotEqualTo(memory.bytes("b"));
        assertThat(memory.all().keySet()).filteredOn(Envelopes::isEnvelope).hasSize(2);
    }

    @Test
    void list_showsNamesUnchanged_inOrder_withoutEnvelopes() {
        List<Stored> expected = new ArrayList<>();
        for (String name : List.of("a/b", "a/b-c", "a/c", "t", "z/z")) {
            byte[] content = random(name.length() * 10, 3);
            write(vault, name, content);
            expected.add(plain(name, content));
        }
        for (int round = 0; round < 2; round++) {
            List<Stored> found = new ArrayList<>();
            vault.list("", found::add);
            assertThat(found).isEqualTo(expected);
        }
        List<Stored> found = new ArrayList<>();
        SealedVault.around(memory, keys.recovery()).list("a/", found::add);
        assertThat(found).isEqualTo(expected.subList(0, 3));
        assertThat(Content.names(vault, Envelopes.ROOT + "/")).isEmpty();
    }

    @Test
    void object_isNotThere_untilCommitted() {
        try (Vault.Draft draft = vault.create("a")) {
            draft.write(new byte[200_000]);
            assertThat(vault.find("a")).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(memory.all()).isEmpty();
        assertThatThrownBy(() -> vault.open("a"))
                .hasMessageContaining("object 'a' of vault memory: there is no such object");
    }

    @Test
    void draft_afterItsEnd_takesNothing() throws IOException {
        Vault.Draft draft = vault.create("a");
        draft.commit();

        assertThatThrownBy(() -> draft.write(1)).hasMessageContaining("was committed or closed already");
        assertThatThrownBy(draft::commit).hasMessageContaining("was committed or closed already");
        draft.close();
        assertThat(read(vault, "a")).isEmpty();
    }

    @Test
    void stream_afterItsClose_saysSo() throws IOException {
        write(vault, "a", random(100_000, 1));
        InputStream in = vault.open("a");
        assertThat(in.readNBytes(10)).hasSize(10);
        in.close();

        assertThatThrownBy(in::read)
                .hasMessageContaining("object 'a' of vault memory is read after its close")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.CONFLICT);
    }

    @Test
    void namesOfEnvelopes_areTaken() {
        for (String name : List.of("sealed-keys", "sealed-keys/a")) {
            assertThatThrownBy(() -> vault.create(name))
                    .hasMessageContaining("belongs to the envelopes")
                    .extracting(e -> ((ContinuityException) e).kind())
                    .isEqualTo(FailureKind.MISCONFIGURED);
            assertThatThrownBy(() -> vault.find(name)).hasMessageContaining("belongs to the envelopes");
            assertThatThrownBy(() -> vault.open(name)).hasMessageContaining("belongs to the envelopes");
        }
    }

    @Test
    void foreignObject_isAnError_andHidesNoOther() {
        write(vault, "a", new byte[3]);
        memory.put("b", "not sealed".getBytes(StandardCharsets.US_ASCII));
        write(vault, "c", new byte[3]);

        List<String> found = new ArrayList<>();
        assertThatThrownBy(() -> vault.list("", each -> found.add(each.name())))
                .hasMessageContaining("1 objects under '' of vault memory cannot be opened")
                .hasMessageContaining("object 'b' of vault memory has no envelope");
        assertThat(found).containsExactly("a", "c");
        assertThatThrownBy(() -> vault.find("b")).hasMessageContaining("has no envelope");
        assertThatThrownBy(() -> vault.open("b")).hasMessageContaining("has no envelope");
    }

    @Test
    void recoveryRing_neverSeals() {
        assertThatThrownBy(() -> SealedVault.around(memory, keys.recovery()).create("a"))
                .hasMessageContaining("the key ring at hand only opens")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.DENIED);
    }

    @Test
    void ringWithOneKey_doesNotSeal() {
        LocalKeyRing ring = keys.ring();
        KeyRing one = new ForwardingKeyRing(ring) {
            @Override
            public List<String> sealsFor() {
                return ring.sealsFor().subList(0, 1);
            }
        };
        assertThatThrownBy(() -> SealedVault.around(memory, one).create("a"))
                .hasMessageContaining("expected 2 to 15")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.MISCONFIGURED);
    }

    @Test
    void twoWriters_ofOneName_oneWins_andItsContentOpens() throws Exception {
        for (int round = 0; round < 20; round++) {
            String name = "race-" + round;
            CountDownLatch start = new CountDownLatch(1);
            Map<Integer, FailureKind> lost = new ConcurrentHashMap<>();
            List<Thread> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                Thread thread = new Thread(() -> {
                    try (Vault.Draft draft = vault.create(name)) {
                        draft.write(random(70_000, number));
                        start.await();
                        draft.commit();
                    } catch (ContinuityException e) {
                        lost.put(number, e.kind());
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                writers.add(thread);
                thread.start();
            }
            start.countDown();
            for (Thread each : writers) {
                each.join();
            }
            assertThat(lost).hasSize(3).containsValue(FailureKind.CONFLICT).doesNotContainValue(FailureKind.CORRUPT);
            int winner = 6 - lost.keySet().stream().mapToInt(Integer::intValue).sum();
            assertThat(read(vault, name)).isEqualTo(random(70_000, winner));
        }
    }
}
