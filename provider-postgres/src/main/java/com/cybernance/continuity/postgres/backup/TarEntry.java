package com.cybernance.continuity.postgres.backup;

import java.nio.charset.StandardCharsets;

/**
 * What a tar says of one thing before its content.
 *
 * @param raw the name's bytes
 * @param size length of the content in bytes
 * @param to where a symbolic link leads, as bytes; otherwise of no meaning
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TarEntry(byte[] raw, Kind kind, long size, byte[] to) {
    /** What it is. */
    public enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    /** The name for people; bytes that are no UTF-8 are replaced. */
    public String name() {
        return new String(raw, StandardCharsets.UTF_8);
    }
}
