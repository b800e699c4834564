package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.random;
import static com.cybernance.continuity.seal.Content.read;
import static com.cybernance.continuity.seal.Content.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else holds the vault. Whatever they change is found, and nothing behind the change comes out. */
class TamperTest {
    private static final byte[] LARGE = random(1 << 20, 1);
    private static final byte[] SMALL = random(64 << 10, 2);
    private static final byte[] OTHER = random(64 << 10, 3);
    private static final byte[] TWIN = random(1 << 20, 4);

    private static final MemoryVault CLEAN = new MemoryVault();

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static KeyRing online;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static KeyRing recovery;

    @BeforeAll
    static void seal(@TempDir Path temporary) throws IOException {
        TestKeys keys = TestKeys.make(temporary);
        online = keys.ring();
        recovery = keys.recovery();
        SealedVault vault = SealedVault.around(CLEAN, online);
        write(vault, "large", LARGE);
        write(vault, "twin", TWIN);
        write(vault, "small", SMALL);
        write(vault, "small-other", OTHER);
    }

    private static Attacks attacks(KeyRing keys) {
        return new Attacks(CLEAN, inner -> SealedVault.around(inner, keys));
    }

    @Test
    void clean_opens() {
        assertThat(read(SealedVault.around(CLEAN, online), "large")).isEqualTo(LARGE);
        assertThat(read(SealedVault.around(CLEAN, recovery), "twin")).isEqualTo(TWIN);
    }

    @Test
    void everyFlippedByte_ofALargeObject_isFound() {
        flips("large", LARGE, 16);
    }

    @Test
    void everyFlippedByte_ofASmallObject_isFound() {
        flips("small", SMALL, 4);
    }

    /**
     * Each byte once under the whole bar; a seeded choice of them otherwise. Under the bar each flip is read by the
     * stream that opens sealed bytes, and each sixteenth one of them by a whole {@link SealedVault} besides: what it adds,
     * the digest of the content, is compared only behind the last byte, and takes two thirds of the time.
     */
    private static void flips(String object, byte[] content, int thinner) {
        int length = CLEAN.bytes(object).length;
        if (Seeds.runs(length) == length) {
            Stored sealed = CLEAN.find(object).orElseThrow();
            Contents contents = new Envelopes(CLEAN, online).open(object, sealed);
            every("flips", object, length, at -> {
                Attacks attacks = new Attacks(CLEAN, inner -> new StreamOnly(inner, contents));
                attacks.flip(object, content, at, 1 << at % 8);
                assertThat(attacks.undetected()).isEmpty();
                if (at % 16 == at / SegmentCipher.SEGMENT % 16 || at < SegmentCipher.SEGMENT) {
                    flip(object, content, at, 1 << at % 7);
                }
            });
            return;
        }
        Seeds.check(
                length / thinner,
                seeds -> flip(object, content, seeds.between(0, length - 1), 1 << seeds.between(0, 7)));
    }

    /** The reader of a million flips reads everything that is well, and says so where it is told not to compare. */
    @Test
    void streamOnly_givesOutAllThatWasSealed() {
        for (String object : List.of("large", "small")) {
            byte[] content = object.equals("large") ? LARGE : SMALL;
            Stored sealed = CLEAN.find(object).orElseThrow();
            Contents contents = new Envelopes(CLEAN, online).open(object, sealed);

            Content.Compared read = Content.compare(new StreamOnly(CLEAN, contents), object, content);

            assertThat(read.released()).isEqualTo(content.length);
            assertThat(read.same()).isTrue();
            assertThat(read.failure()).hasMessageContaining("opened to " + content.length + " bytes with digest 0000");
        }
    }

    /** Tries every place, on all cores. */
    private static void every(String what, String object, int length, IntConsumer attack) {
        long from = System.nanoTime();
        IntStream.range(0, length).parallel().forEach(attack);
        System.out.printf(
                "%s of %s: %d, all found, %d s%n", what, object, length, (System.nanoTime() - from) / 1_000_000_000);
    }

    private static void flip(String object, byte[] content, int at, int mask) {
        Attacks attacks = attacks(online);
        attacks.flip(object, content, at, mask);
        assertThat(attacks.undetected()).isEmpty();
    }

    @Test
    void everyCut_ofASmallObject_isFound() {
        int length = CLEAN.bytes("small").length;
        if (Seeds.runs(length) == length) {
            every("cuts", "small", length, TamperTest::cut);
            return;
        }
        Seeds.check(length, seeds -> cut(seeds.between(0, length - 1)));
    }

    private static void cut(int length) {
        Attacks attacks = attacks(online);
        attacks.cut("small", SMALL, length);
        assertThat(attacks.undetected()).isEmpty();
    }

    @Test
    void cuts_atTheEdgesOfSegments_areFound() {
        Attacks attacks = attacks(online);
        int length = CLEAN.bytes("large").length;
        for (int edge = Preamble.LENGTH; edge < length; edge += SegmentCipher.SEGMENT) {
            for (int at = Math.max(0, edge - 2); at <= edge + 2; at++) {
                attacks.cut("large", LARGE, at);
            }
        }
        attacks.cut("large", LARGE, length - 1);
        attacks.cut("large", LARGE, length + 1); // a zero behind the end
        attacks.cut("large", LARGE, length + SegmentCipher.SEGMENT);
        assertThat(attacks.undetected()).isEmpty();
    }

    @Test
    void swaps_areFound() {
        for (KeyRing keys : List.of(online, recovery)) {
            Attacks attacks = attacks(keys);
            swaps(attacks);
            assertThat(attacks.undetected()).isEmpty();
        }
    }

    private static void swaps(Attacks attacks) {
        attacks.swap("small", "small-other", SMALL);
        attacks.swap("small-other", "small", OTHER);
        attacks.swap("large", "twin", LARGE);
        attacks.swap("large", "small", LARGE);
    }

    @Test
    void splices_areFound() {
        Attacks attacks = attacks(online);
        for (int segment = 0; segment < 17; segment++) {
            attacks.splice("large", "twin", segment, segment, LARGE);
            attacks.splice("large", "large", segment, (segment + 1) % 17, LARGE);
        }
        assertThat(attacks.undetected()).isEmpty();
    }

    @Test
    void segments_leftOutRepeatedOrExchanged_areFound() {
        Attacks attacks = attacks(online);
        attacks.reorder("large", List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), LARGE);
        attacks.reorder("large", List.of(0, 1, 2, 16), LARGE);
        attacks.reorder("large", List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), LARGE);
        attacks.reorder("large", List.of(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), LARGE);
        attacks.reorder("large", List.of(0, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), LARGE);
        attacks.reorder("large", List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16), LARGE);
        attacks.reorder("large", List.of(0), LARGE);
        attacks.reorder("large", List.of(), LARGE);
        assertThat(attacks.undetected()).isEmpty();
    }

    @Test
    void everyFlippedByte_ofAnEnvelope_isFound() {
        String name = CLEAN.envelopes("small") + "00000001";
        for (KeyRing keys : List.of(online, recovery)) {
            for (int at = 0; at < CLEAN.bytes(name).length; at++) {
                Attacks attacks = attacks(keys);
                byte[] bytes = CLEAN.bytes(name).clone();
                bytes[at] ^= (byte) (1 << at % 8);
                MemoryVault attacked = CLEAN.copy();
                attacked.put(name, bytes);
                attacks.expectRefusal(attacked, "small", SMALL, 0, "envelope byte " + at);
                assertThat(attacks.undetected()).isEmpty();
                SealedVault vault = SealedVault.around(attacked, keys);
                assertThatThrownBy(() -> vault.find("small")).isInstanceOf(ContinuityException.class);
                assertThatThrownBy(() -> vault.list("small", each -> {})).isInstanceOf(ContinuityException.class);
            }
        }
    }

    /** Whoever changes an envelope can also make its digest right again. */
    @Test
    void everyFlippedByte_ofAnEnvelope_withItsDigestMadeRight_isRefused() {
        String name = CLEAN.envelopes("small") + "00000001";
        byte[] clean = CLEAN.bytes(name);
        SealedVault vault;
        for (KeyRing keys : List.of(online, recovery)) {
            int opened = 0;
            for (int at = 0; at < clean.length - 32; at++) {
                byte[] bytes = clean.clone();
                bytes[at] ^= (byte) (1 << at % 8);
                MemoryVault attacked = CLEAN.copy();
                attacked.put(name, Forgery.withDigest(bytes));
                vault = SealedVault.around(attacked, keys);
                Content.Reading reading = Content.tryRead(vault, "small");
                if (reading.failure() == null) {
                    opened++; // the other key's part was hit; what opened is what was sealed
                    assertThat(reading.released()).isEqualTo(SMALL);
                } else {
                    assertThat(reading.released()).isEmpty();
                }
            }
            assertThat(opened).isLessThan(clean.length * 3 / 4);
        }
    }

    @Test
    void cutEnvelopes_areFound() {
        String name = CLEAN.envelopes("small") + "00000001";
        Attacks attacks = attacks(online);
        for (int length = 0; length < CLEAN.bytes(name).length; length++) {
            MemoryVault attacked = CLEAN.copy();
            attacked.put(name, Arrays.copyOf(CLEAN.bytes(name), length));
            attacks.expectRefusal(attacked, "small", SMALL, 0, "envelope cut to " + length);
        }
        MemoryVault attacked = CLEAN.copy();
        attacked.remove(name);
        attacks.expectRefusal(attacked, "small", SMALL, 0, "envelope removed");
        assertThat(attacks.undetected()).isEmpty();
    }

    /** The harness itself: a seal that forgets the name passes every flip, and must be caught by the swaps. */
    @Test
    void sealThatForgetsTheName_isCaughtBySwaps() {
        MemoryVault vault = new MemoryVault();
        Function<Vault, Vault> forgetful = inner -> new NamelessSeal(inner, online);
        write(forgetful.apply(vault), "small", SMALL);
        write(forgetful.apply(vault), "small-other", OTHER);

        Attacks flips = new Attacks(vault, forgetful);
        flips.flip("small", SMALL, 40_000, 1);
        assertThat(flips.undetected()).isEmpty();

        Attacks swaps = new Attacks(vault, forgetful);
        swaps.swap("small", "small-other", SMALL);
        assertThat(swaps.undetected()).singleElement().asString().contains("the object small-other under small");
    }

    /** The harness itself: a seal that takes a fault for the end must be caught by flips and cuts. */
    @Test
    void sealThatEndsQuietlyAtAFault_isCaughtByFlipsAndCuts() {
        Attacks attacks = new Attacks(CLEAN, inner -> new QuietSeal(inner, online));

        attacks.flip("large", LARGE, 700_000, 1);
        attacks.cut("large", LARGE, Preamble.LENGTH + 3 * SegmentCipher.SEGMENT);

        assertThat(attacks.undetected()).hasSize(2).allMatch(each -> each.endsWith("read to its end"));
    }
}
