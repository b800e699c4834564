package com.cybernance.continuity.state;

import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Bytes;
import com.cybernance.continuity.internal.disk.CreateOnce;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document's file: a header that names it, the content, and a digest over both. */
final class Document {
    private static final int LENGTH_AT = Preamble.LENGTH + Identity.LENGTH + Names.FIELD + 6;
    private static final int HEADER = LENGTH_AT + Long.BYTES;
    private static final int DIGEST = 32;

    private Document() {}

    static void create(Disk disk, Path file, Identity store, String name, byte[] content) throws IOException {
        byte[] header = header(store, name, content.length);
        CreateOnce.publish(disk, file, List.of(header, content, digest(header, content)));
    }

    static byte @Nullable [] read(Disk disk, Path file, Identity store, String name) throws IOException {
        byte[] header;
        byte[] content;
        byte[] digest;
        try (Disk.Handle handle = disk.open(file, Disk.Access.READ)) {
            long length = handle.size() - HEADER - DIGEST;
            if (length < 0 || length > Integer.MAX_VALUE - Long.BYTES) {
                throw Failures.rot(file, 0, "a document", handle.size() + " bytes, which cannot be one");
            }
            header = Bytes.read(handle, 0, HEADER);
            content = Bytes.read(handle, HEADER, (int) length);
            digest = Bytes.read(handle, HEADER + length, DIGEST);
        } catch (NoSuchFileException e) {
            return null;
        }
        check(file, store, name, header, content, digest);
        return content;
    }

    private static void check(Path file, Identity store, String name, byte[] header, byte[] content, byte[] digest) {
        Preamble.DOCUMENT.check(header, file, 0);
        byte[] expected = digest(header, content);
        if (!Arrays.equals(expected, digest)) {
            HexFormat hex = HexFormat.of();
            throw Failures.rot(
                    file,
                    HEADER + (long) content.length,
                    "the SHA-256 of what precedes it, " + hex.formatHex(expected),
                    hex.formatHex(digest));
        }
        ByteBuffer from = ByteBuffer.wrap(header).position(Preamble.LENGTH);
        store.check(from, file, Preamble.LENGTH);
        byte[] wanted = header(store, name, content.length);
        int differs = Arrays.mismatch(wanted, Preamble.LENGTH, HEADER, header, Preamble.LENGTH, HEADER);
        if (differs >= 0) {
            throw Failures.rot(
                    file, Preamble.LENGTH + (long) differs, "the header of document '" + name + "'", "another one");
        }
    }

    private static byte[] header(Identity store, String name, int length) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        Preamble.DOCUMENT.put(header);
        store.put(header);
        Names.put(header, name);
        header.position(LENGTH_AT).putLong(length);
        return header.array();
    }

    private static byte[] digest(byte[] header, byte[] content) {
        MessageDigest sha = Sha256.begin();
        sha.update(header);
        return sha.digest(content);
    }
}
