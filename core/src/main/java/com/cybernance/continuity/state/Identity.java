package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.CreateOnce;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a store is: a number that is drawn once and stands in every file of it, so that files of another store are not
 * taken for its own.
 *
 * @param version the format version that wrote the store file
 */
record Identity(UUID id, int version) {
    static final int LENGTH = 16;

    private static final int FILE_LENGTH = Preamble.LENGTH + LENGTH + Integer.BYTES;

    void put(ByteBuffer into) {
        into.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** Refuses a file that carries another store's number. */
    void check(ByteBuffer from, Path file, long offset) {
        UUID observed = uuid(from);
        if (!observed.equals(id)) {
            throw Failures.rot(file, offset, "store id " + id, observed.toString());
        }
    }

    static @Nullable Identity read(Disk disk, Path file) throws IOException {
        byte[] bytes;
        try (Disk.Handle handle = disk.open(file, Disk.Access.READ)) {
            bytes = Bytes.read(handle, 0, (int) Math.min(handle.size(), FILE_LENGTH + 1));
        } catch (NoSuchFileException e) {
            return null;
        }
        int version = Preamble.STORE.check(bytes, file, 0);
        int body = FILE_LENGTH - Integer.BYTES;
        if (bytes.length != FILE_LENGTH) {
            throw Failures.rot(file, 0, FILE_LENGTH + " bytes", "another length");
        }
        ByteBuffer from = ByteBuffer.wrap(bytes).position(Preamble.LENGTH);
        UUID id = uuid(from);
        if (from.getInt() != Bytes.crc32c(bytes, 0, body)) {
            throw Failures.rot(file, body, "a matching checksum", "another one");
        }
        return new Identity(id, version);
    }

    /** Publishes a new identity, unless somebody else was faster. */
    static void publish(Disk disk, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FILE_LENGTH);
        Preamble.STORE.put(bytes);
        new Identity(UUID.randomUUID(), Preamble.VERSION).put(bytes);
        bytes.putInt(Bytes.crc32c(bytes.array(), 0, bytes.position()));
        try {
            CreateOnce.publish(disk, file, List.of(bytes.array()));
        } catch (FileAlreadyExistsException e) {
            // The other one's identity is as good as ours.
        }
    }

    private static UUID uuid(ByteBuffer from) {
        return new UUID(from.getLong(), from.getLong());
    }
}
