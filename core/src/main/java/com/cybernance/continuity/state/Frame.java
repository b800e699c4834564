package com.cybernance.continuity.state;

import com.cybernance.continuity.spi.StateStore.Entry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A record as it lies in a segment: length, checksum, sequence, epoch, hash of the record before, payload. */
final class Frame {
    static final int HEADER = 56;
    static final int MAX_PAYLOAD = 16 << 20;

    private static final int CRC_AT = 4;
    private static final int SEQUENCE_AT = 8;
    private static final int EPOCH_AT = 16;
    private static final int PREVIOUS_AT = 24;

    private final byte[] bytes;

    Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    static Frame of(long sequence, long epoch, byte[] previous, byte[] payload) {
        ByteBuffer into = ByteBuffer.allocate(HEADER + payload.length);
        into.putInt(payload.length).putInt(0).putLong(sequence).putLong(epoch);
        into.put(previous).put(payload);
        into.putInt(CRC_AT, crc(into.array(), 0, into.capacity()));
        return new Frame(into.array());
    }

    byte[] bytes() {
        return bytes;
    }

    long sequence() {
        return sequence(bytes, 0);
    }

    long epoch() {
        return ByteBuffer.wrap(bytes).getLong(EPOCH_AT);
    }

    byte[] previous() {
        return Arrays.copyOfRange(bytes, PREVIOUS_AT, HEADER);
    }

    boolean intact() {
        return intact(bytes, 0, bytes.length);
    }

    byte[] hash() {
        return Bytes.sha256().digest(bytes);
    }

    Entry entry(byte[] hash) {
        return new Entry(
                sequence(), epoch(), HexFormat.of().formatHex(hash), Arrays.copyOfRange(bytes, HEADER, bytes.length));
    }

    /** The length of the whole frame that a header announces; negative when no frame can be that long. */
    static int length(byte[] header, int at) {
        int payload = ByteBuffer.wrap(header).getInt(at);
        return payload < 0 || payload > MAX_PAYLOAD ? -1 : HEADER + payload;
    }

    static long sequence(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getLong(at + SEQUENCE_AT);
    }

    static boolean intact(byte[] bytes, int at, int length) {
        return ByteBuffer.wrap(bytes).getInt(at + CRC_AT) == crc(bytes, at, length);
    }

    /** Over the whole frame but the checksum itself. */
    private static int crc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CRC_AT);
        crc.update(bytes, at + SEQUENCE_AT, length - SEQUENCE_AT);
        return (int) crc.getValue();
    }
}
