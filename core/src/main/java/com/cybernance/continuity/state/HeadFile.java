package com.cybernance.continuity.state;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds a stream's head, in two slots that are written in turn. A slot is one sector, which disks write
 * whole or not at all, so a slot that does not match its checksum is rot and never the trace of a crash.
 */
final class HeadFile {
    static final int SLOT = 512;
    static final int STRIDE = 4096;
    static final int LENGTH = STRIDE + SLOT;

    private static final int HOLDER = 200;
    private static final int CRC_AT = SLOT - Integer.BYTES;

    /** A reader may meet a slot while it is being written; one that stays bad this often is bad. */
    static final int PATIENT = 2_000;

    /** Whoever holds the lease knows that nobody else writes. */
    static final int ONCE = 0;

    private final Disk disk;
    private final StreamFiles files;
    private final Identity store;

    HeadFile(Disk disk, StreamFiles files, Identity store) {
        this.disk = disk;
        this.files = files;
        this.store = store;
    }

    /** Makes the file of a new stream, whole from the moment that it has its name. */
    Head create(byte[] genesis) throws IOException {
        Head first = Head.empty(genesis);
        Head second = first.next();
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        bytes.put(slot(first)).position(STRIDE).put(slot(second));
        try {
            disk.delete(files.headDraft());
        } catch (NoSuchFileException e) {
            // No earlier attempt was cut short.
        }
        try (Disk.Handle draft = disk.open(files.headDraft(), Disk.Access.CREATE)) {
            Bytes.writeDurably(draft, bytes.array(), 0);
        }
        disk.rename(files.headDraft(), files.head());
        return second;
    }

    /** Replaces the older slot. */
    void write(Disk.Handle file, Head head) throws IOException {
        Bytes.writeDurably(file, slot(head), offset(head));
    }

    /** The newest head, looking again that many times if it is bad; null when the stream has no such file. */
    @Nullable
    Head read(int again) throws IOException {
        byte[] seen = new byte[0];
        int looks = 0;
        while (true) {
            byte[] bytes;
            try (Disk.Handle handle = disk.open(files.head(), Disk.Access.READ)) {
                bytes = whole(handle);
            } catch (NoSuchFileException e) {
                return null;
            }
            try {
                return newest(bytes);
            } catch (ContinuityException e) {
                looks = Arrays.equals(bytes, seen) ? looks + 1 : 1;
                if (e.kind() != FailureKind.CORRUPT || looks > again) {
                    throw e;
                }
                seen = bytes;
                Thread.onSpinWait();
            }
        }
    }

    private byte[] whole(Disk.Handle handle) throws IOException {
        if (handle.size() != LENGTH) {
            throw Failures.rot(files.head(), 0, LENGTH + " bytes", handle.size() + " bytes");
        }
        try {
            return Bytes.read(handle, 0, LENGTH);
        } catch (EOFException e) {
            throw Failures.rot(files.head(), 0, LENGTH + " bytes", "fewer");
        }
    }

    private Head newest(byte[] bytes) {
        Head even = parse(bytes, 0);
        Head odd = parse(bytes, STRIDE);
        for (int at = SLOT; at < STRIDE; at++) {
            if (bytes[at] != 0) {
                throw Failures.rot(files.head(), at, "zero between the slots", "byte " + bytes[at]);
            }
        }
        return even.generation() > odd.generation() ? even : odd;
    }

    private static long offset(Head head) {
        return head.generation() % 2 == 0 ? 0 : STRIDE;
    }

    private byte[] slot(Head head) {
        byte[] holder = head.holder().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(holder.length, HOLDER);
        ByteBuffer slot = ByteBuffer.allocate(SLOT);
        Preamble.HEAD.put(slot);
        store.put(slot);
        slot.putLong(head.generation()).putLong(head.epoch()).putLong(head.sequence());
        slot.put(head.hash()).putLong(head.segment()).putLong(head.end());
        Names.put(slot, files.stream());
        slot.putShort((short) length).put(holder, 0, length);
        slot.putInt(CRC_AT, Bytes.crc32c(slot.array(), 0, CRC_AT));
        return slot.array();
    }

    private Head parse(byte[] bytes, int at) {
        Path file = files.head();
        byte[] slot = Arrays.copyOfRange(bytes, at, at + SLOT);
        int version = Preamble.HEAD.check(slot, file, at);
        ByteBuffer from = ByteBuffer.wrap(slot).position(Preamble.LENGTH);
        if (from.getInt(CRC_AT) != Bytes.crc32c(slot, 0, CRC_AT)) {
            throw Failures.rot(file, at, "a slot that matches its checksum", "one that does not");
        }
        store.check(from, file, at + Preamble.LENGTH);
        long generation = from.getLong();
        long epoch = from.getLong();
        long sequence = from.getLong();
        byte[] hash = new byte[32];
        from.get(hash);
        long segment = from.getLong();
        long end = from.getLong();
        ByteBuffer name = ByteBuffer.allocate(Names.FIELD);
        Names.put(name, files.stream());
        if (!name.flip().equals(from.slice(from.position(), Names.FIELD))) {
            throw Failures.rot(file, at + (long) from.position(), "the name '" + files.stream() + "'", "another name");
        }
        from.position(from.position() + Names.FIELD);
        int length = Math.min(Short.toUnsignedInt(from.getShort()), HOLDER);
        String holder = new String(slot, from.position(), length, StandardCharsets.UTF_8);
        Head head = new Head(generation, epoch, sequence, hash, segment, end, holder, version);
        if (offset(head) != at) {
            throw Failures.rot(file, at, "a generation that belongs in this slot", "generation " + generation);
        }
        return head;
    }
}
