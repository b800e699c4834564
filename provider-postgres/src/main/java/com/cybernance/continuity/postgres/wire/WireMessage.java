package com.cybernance.continuity.postgres.wire;

import java.nio.ByteBuffer;

/**
 * One message of the server.
 *
 * @param type its letter in the protocol, such as {@code d} for a piece of a copy
 * @param body what follows its length; a view of a buffer that the next read overwrites
 */
public record WireMessage(char type, ByteBuffer body) {
    /** A row's fields follow: {@code T}. */
    public static final char ROW_DESCRIPTION = 'T';

    public static final char DATA_ROW = 'D';
    public static final char COMMAND_COMPLETE = 'C';
    public static final char COPY_OUT = 'H';
    public static final char COPY_BOTH = 'W';
    public static final char COPY_DATA = 'd';
    public static final char COPY_DONE = 'c';

    /** The command is over, and the server takes the next one: {@code Z}. */
    public static final char READY = 'Z';

    /** The body's bytes from its position, copied. */
    public byte[] bytes() {
        byte[] copy = new byte[body.remaining()];
        body.duplicate().get(copy);
        return copy;
    }
}
