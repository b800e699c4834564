package com.cybernance.continuity.state;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * How far a stream is acknowledged: a record belongs to the stream exactly when the head counts it.
 *
 * @param generation grows with every write of the head
 * @param epoch how many times the lease was taken
 * @param sequence the last acknowledged record; 0 when there is none
 * @param hash that record's hash; the genesis hash when there is none
 * @param segment the first record of the segment in which that record lies; 0 when there is none
 * @param end the offset at which that record ends in its segment
 * @param holder who took the lease last, in words
 * @param version the format version that wrote it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by sameAs
record Head(
        long generation, long epoch, long sequence, byte[] hash, long segment, long end, String holder, int version) {
    static Head empty(byte[] genesis) {
        return new Head(0, 0, 0, genesis, 0, 0, "nobody", Preamble.VERSION);
    }

    Head next() {
        return new Head(generation + 1, epoch, sequence, hash, segment, end, holder, version);
    }

    Head takenBy(String who) {
        return new Head(generation + 1, epoch + 1, sequence, hash, segment, end, who, version);
    }

    Head acknowledging(Frame frame, byte[] frameHash, long inSegment, long endsAt) {
        return new Head(generation + 1, epoch, frame.sequence(), frameHash, inSegment, endsAt, holder, version);
    }

    boolean sameAs(Head other) {
        return generation == other.generation
                && epoch == other.epoch
                && sequence == other.sequence
                && Arrays.equals(hash, other.hash)
                && segment == other.segment
                && end == other.end;
    }

    String hex() {
        return HexFormat.of().formatHex(hash);
    }
}
