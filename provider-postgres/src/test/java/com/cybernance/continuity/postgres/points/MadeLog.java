package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes the log of one timeline as a server would, and remembers where its commits are. */
final class MadeLog {
    static final int SEGMENT = 1 << 20;

    private static final int PAGE = 8192;
    private static final int MAGIC = 0xD118;
    private static final Instant SERVER_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final long system;
    private final int timeline;
    private final Lsn start;
    private final Growing bytes = new Growing();
    private final List<Made> commits = new ArrayList<>();
    private long previous;
    private int xid = 700;

    /** A commit and the exclusive end of its last byte. */
    record Made(int timeline, Instant at, Lsn start, Lsn lastByte) {}

    private MadeLog(long system, int timeline, Lsn start) {
        this.system = system;
        this.timeline = timeline;
        this.start = start;
        this.previous = start.value() - 8;
    }

    /** @param start of a page */
    static MadeLog begin(long system, Lsn start) {
        return new MadeLog(system, 1, start);
    }

    /** Another timeline that shares everything up to here. */
    MadeLog fork(int next) {
        align();
        MadeLog forked = new MadeLog(system, next, start);
        forked.bytes.writeBytes(bytes.toByteArray());
        forked.commits.addAll(commits);
        forked.previous = previous;
        forked.xid = xid;
        return forked;
    }

    int timeline() {
        return timeline;
    }

    Lsn start() {
        return start;
    }

    /** Where the next record will begin. */
    Lsn end() {
        align();
        return start.plus(bytes.size());
    }

    List<Made> commits() {
        return commits;
    }

    byte[] bytes(Lsn from, Lsn to) {
        return bytes.part(Math.toIntExact(from.minus(start)), Math.toIntExact(to.minus(start)));
    }

    void commit(Instant at, int more) {
        byte[] data = new byte[2 + 8 + more];
        little(data).put((byte) 255).put((byte) 8).putLong(ChronoUnit.MICROS.between(SERVER_EPOCH, at));
        Lsn begin = record(1, 0, data);
        commits.add(new Made(timeline, at, begin, start.plus(bytes.size())));
    }

    /** A commit as no supported server writes it. */
    void timeless() {
        record(1, 0, new byte[] {(byte) 255, 2, 0, 0});
    }

    /** Anything else that fills the log. */
    void filler(int size) {
        record(10, 0, new byte[size]);
    }

    void switchSegment() {
        record(0, 0x40, new byte[0]);
        int rest = (int) (SEGMENT - ((start.value() + bytes.size()) & (SEGMENT - 1)));
        bytes.writeBytes(new byte[rest % SEGMENT]);
    }

    /** A record of which only the beginning, to the end of its page, was written before the server crashed. */
    void crash() {
        byte[] torn = built(10, 0, new byte[3 * PAGE]);
        align();
        page(0, 0);
        int room = PAGE - (int) ((start.value() + bytes.size()) & (PAGE - 1));
        bytes.write(torn, 0, room);
        page(0, 8);
        filler(20);
    }

    private Lsn record(int manager, int info, byte[] data) {
        align();
        page(0, 0);
        byte[] record = built(manager, info, data);
        Lsn begin = start.plus(bytes.size());
        int at = 0;
        while (at < record.length) {
            page(record.length - at, 0);
            int room = PAGE - (int) ((start.value() + bytes.size()) & (PAGE - 1));
            int part = Math.min(room, record.length - at);
            bytes.write(record, at, part);
            at += part;
        }
        previous = begin.value();
        return begin;
    }

    private byte[] built(int manager, int info, byte[] data) {
        byte[] bytesOfIt = new byte[24 + data.length];
        ByteBuffer record = little(bytesOfIt);
        record.putInt(bytesOfIt.length).putInt(xid++).putLong(previous);
        record.put((byte) info)
                .put((byte) manager)
                .putShort((short) 0)
                .putInt(0)
                .put(data);
        CRC32C checksum = new CRC32C();
        checksum.update(bytesOfIt, 24, data.length);
        checksum.update(bytesOfIt, 0, 20);
        record.putInt(20, (int) checksum.getValue());
        return bytesOfIt;
    }

    private void align() {
        while ((bytes.size() & 7) != 0) {
            bytes.write(0);
        }
    }

    /** The header of a page, where one begins. */
    private void page(int remaining, int flags) {
        long at = start.value() + bytes.size();
        if ((at & (PAGE - 1)) != 0) {
            return;
        }
        boolean first = (at & (SEGMENT - 1)) == 0;
        byte[] headerBytes = new byte[first ? 40 : 24];
        ByteBuffer header = little(headerBytes);
        header.putShort((short) MAGIC);
        header.putShort((short) ((remaining > 0 ? 1 : 0) | (first ? 2 : 0) | flags));
        header.putInt(timeline).putLong(at).putInt(remaining).putInt(0);
        if (first) {
            header.putLong(system).putInt(SEGMENT).putInt(PAGE);
        }
        bytes.writeBytes(headerBytes);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Gives a part without copying all of it. */
    private static final class Growing extends ByteArrayOutputStream {
        byte[] part(int from, int to) {
            return Arrays.copyOfRange(buf, from, Math.min(to, count));
        }
    }
}
