package com.cybernance.continuity.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The names of documents and streams, as they are asked for and as they lie in a file. */
final class Names {
    /** A name in a file: its length in two bytes, then 64 bytes, filled up with zeros. */
    static final int FIELD = 66;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private Names() {}

    static String checked(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw Failures.misuse(
                    "a " + what + " cannot be called '" + printable(name) + "': expected " + NAME.pattern(),
                    "use 1 to 64 lower-case letters, digits, dots, hyphens and underscores");
        }
        return name;
    }

    static void put(ByteBuffer into, String name) {
        int end = into.position() + FIELD;
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        into.putShort((short) ascii.length).put(ascii).position(end);
    }

    private static String printable(String name) {
        String safe = name.replaceAll("[^\\x20-\\x7e]", "?");
        return safe.length() <= 80 ? safe : safe.substring(0, 80) + "...";
    }
}
