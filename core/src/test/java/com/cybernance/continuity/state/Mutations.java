package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Changes a stream's files in every way of a list and counts which changes a detector does not see. */
final class Mutations {
    /** Says whether something is wrong with the stream. */
    interface Detector {
        boolean detects() throws IOException;
    }

    /** Changes the records of one segment. */
    interface Edit {
        void change(List<byte[]> records, int at);
    }

    private final SimulatedDisk disk;
    private final Detector detector;
    private final List<String> undetected = new ArrayList<>();
    private int tried;

    Mutations(SimulatedDisk disk, Detector detector) {
        this.disk = disk;
        this.detector = detector;
    }

    int tried() {
        return tried;
    }

    List<String> undetected() {
        return undetected;
    }

    /** Flips a random set of bits in every {@code step}th byte. */
    void flip(Path file, int step, Random random) throws IOException {
        byte[] bytes = disk.content(file).bytes;
        for (int at = random.nextInt(Math.min(step, bytes.length)); at < bytes.length; at += step) {
            byte before = bytes[at];
            bytes[at] = (byte) (before ^ (1 + random.nextInt(255)));
            judge("flip in " + file.getFileName() + " at " + at);
            bytes[at] = before;
        }
    }

    /** Cuts the file to every {@code step}th length. */
    void cut(Path file, int step, Random random) throws IOException {
        byte[] whole = disk.content(file).bytes;
        for (int length = random.nextInt(Math.min(step, whole.length)); length < whole.length; length += step) {
            disk.replace(file, Arrays.copyOf(whole, length));
            judge(file.getFileName() + " cut to " + length);
        }
        disk.replace(file, whole);
    }

    /** Applies an edit at every {@code step}th record of a segment. */
    void edit(String what, Path segment, int step, Random random, Edit edit) throws IOException {
        byte[] whole = disk.content(segment).bytes;
        int count = records(whole).size();
        for (int at = random.nextInt(Math.min(step, count)); at < count; at += step) {
            List<byte[]> records = records(whole);
            edit.change(records, at);
            byte[] changed = join(whole, records);
            if (!Arrays.equals(whole, changed)) {
                disk.replace(segment, changed);
                judge(what + " record " + at + " of " + segment.getFileName());
            }
        }
        disk.replace(segment, whole);
    }

    static void drop(List<byte[]> records, int at) {
        records.remove(at);
    }

    static void repeat(List<byte[]> records, int at) {
        records.add(at, records.get(at));
    }

    static void swap(List<byte[]> records, int at) {
        Collections.swap(records, at, (at + 1) % records.size());
    }

    /** Another payload with a checksum that fits: only the chain tells. */
    static void forge(List<byte[]> records, int at) {
        byte[] bytes = records.get(at).clone();
        bytes[bytes.length - 1] ^= 1;
        Frame frame = new Frame(bytes);
        byte[] payload = Arrays.copyOfRange(bytes, Frame.HEADER, bytes.length);
        records.set(
                at,
                Frame.of(frame.sequence(), frame.epoch(), frame.previous(), payload)
                        .bytes());
    }

    private void judge(String what) throws IOException {
        tried++;
        if (!detector.detects()) {
            undetected.add(what);
        }
    }

    private static List<byte[]> records(byte[] segment) {
        List<byte[]> records = new ArrayList<>();
        for (int at = Segment.HEADER; at < segment.length; ) {
            int length = Frame.length(segment, at);
            records.add(Arrays.copyOfRange(segment, at, at + length));
            at += length;
        }
        return records;
    }

    private static byte[] join(byte[] whole, List<byte[]> records) {
        ByteBuffer joined = ByteBuffer.allocate(
                Segment.HEADER + records.stream().mapToInt(r -> r.length).sum());
        joined.put(whole, 0, Segment.HEADER);
        records.forEach(joined::put);
        return joined.array();
    }
}
