package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.Vault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What somebody who holds the vault may do to it. Each attack is told which vault seals, and returns what went
 * undetected: nothing, for one that is right.
 */
final class Attacks {
    private final MemoryVault clean;
    private final Function<Vault, Vault> sealing;
    private final List<String> undetected = new ArrayList<>();

    Attacks(MemoryVault clean, Function<Vault, Vault> sealing) {
        this.clean = clean;
        this.sealing = sealing;
    }

    List<String> undetected() {
        return undetected;
    }

    /**
     * Reads an object whose sealed bytes are good up to {@code fault}, and demands a refusal and no byte that was not
     * authenticated before.
     *
     * @param content what was sealed
     */
    void expectRefusal(Vault attacked, String object, byte[] content, long fault, String how) {
        Content.Compared reading = Content.compare(sealing.apply(attacked), object, content);
        if (!reading.refused()) {
            undetected.add(how + ": " + (reading.failure() == null ? "read to its end" : reading.failure()));
        } else if (!reading.same() || reading.released() > goodBefore(fault)) {
            undetected.add(how + ": released " + reading.released() + " bytes"
                    + (reading.same() ? "" : ", not all of them what was sealed") + ", of which " + goodBefore(fault)
                    + " were before the fault");
        }
    }

    /** How many bytes of content lie in the segments that end before an offset of the sealed object. */
    static long goodBefore(long fault) {
        long segments = Math.max(0, fault - Preamble.LENGTH) / SegmentCipher.SEGMENT;
        return segments == 0 ? 0 : segments * (SegmentCipher.SEGMENT - 16L) - 40;
    }

    void flip(String object, byte[] content, int at, int mask) {
        ChangedVault attacked = new ChangedVault(clean, object, at, mask);
        expectRefusal(attacked, object, content, at, "byte " + at + " of " + object + " xor " + mask);
    }

    void cut(String object, byte[] content, int length) {
        MemoryVault attacked = clean.copy();
        attacked.rot(object, Arrays.copyOf(clean.bytes(object), length));
        expectRefusal(attacked, object, content, length, object + " cut to " + length);
    }

    /** Gives one object the sealed bytes of another, with and without what the vault says of it, and its envelopes. */
    void swap(String object, String other, byte[] content) {
        MemoryVault attacked = clean.copy();
        attacked.rot(object, clean.bytes(other));
        expectRefusal(attacked, object, content, 0, "the bytes of " + other + " under " + object);

        attacked = clean.copy();
        attacked.put(object, clean.kept(other));
        expectRefusal(attacked, object, content, 0, "the object " + other + " under " + object);

        attacked = clean.copy();
        String envelope = clean.bytes(clean.envelopes(other) + "00000001").length + " bytes";
        attacked.put(clean.envelopes(object) + "00000001", clean.bytes(clean.envelopes(other) + "00000001"));
        expectRefusal(attacked, object, content, 0, "the envelope of " + other + " (" + envelope + ") for " + object);

        attacked = clean.copy();
        attacked.rot(object, clean.bytes(other));
        attacked.put(clean.envelopes(object) + "00000001", clean.bytes(clean.envelopes(other) + "00000001"));
        expectRefusal(attacked, object, content, 0, "bytes and envelope of " + other + " for " + object);
    }

    /** Copies one segment of an object over another of the same or another object. */
    void splice(String object, String from, int segment, int over, byte[] content) {
        byte[] bytes = clean.bytes(object).clone();
        int to = Preamble.LENGTH + over * SegmentCipher.SEGMENT;
        int source = Preamble.LENGTH + segment * SegmentCipher.SEGMENT;
        int length = Math.min(SegmentCipher.SEGMENT, Math.min(bytes.length - to, clean.bytes(from).length - source));
        System.arraycopy(clean.bytes(from), source, bytes, to, length);
        MemoryVault attacked = clean.copy();
        attacked.rot(object, bytes);
        expectRefusal(
                attacked,
                object,
                content,
                to,
                "segment " + segment + " of " + from + " over " + over + " of " + object);
    }

    /** Removes, repeats or exchanges whole segments. */
    void reorder(String object, List<Integer> segments, byte[] content) {
        byte[] before = clean.bytes(object);
        byte[] bytes = Arrays.copyOf(before, Preamble.LENGTH);
        int same = 0;
        for (int i = 0; i < segments.size(); i++) {
            same += i == same && segments.get(i) == i ? 1 : 0;
            int from = Preamble.LENGTH + segments.get(i) * SegmentCipher.SEGMENT;
            int to = Math.min(before.length, from + SegmentCipher.SEGMENT);
            bytes = Arrays.copyOf(bytes, bytes.length + to - from);
            System.arraycopy(before, from, bytes, bytes.length - to + from, to - from);
        }
        MemoryVault attacked = clean.copy();
        attacked.rot(object, bytes);
        long fault = Preamble.LENGTH + (long) same * SegmentCipher.SEGMENT;
        expectRefusal(attacked, object, content, fault, "segments " + segments + " of " + object);
    }
}
