package com.cybernance.continuity.postgres.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is inside of messages. */
final class Fields {
    private Fields() {}

    /** A text that a zero byte ends. */
    static String text(ByteBuffer body) {
        ByteBuffer start = body.duplicate();
        int length = 0;
        while (body.hasRemaining() && body.get() != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        start.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The names of a result's columns. */
    static List<String> columns(ByteBuffer body) {
        int count = body.getShort();
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(text(body));
            body.position(body.position() + 18);
        }
        return names;
    }

    /** The values of a row; empty for NULL. */
    static List<Optional<byte[]>> values(ByteBuffer body) {
        int count = body.getShort();
        List<Optional<byte[]>> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = body.getInt();
            if (length < 0) {
                values.add(Optional.empty());
            } else {
                byte[] value = new byte[length];
                body.get(value);
                values.add(Optional.of(value));
            }
        }
        return values;
    }

    /** What an error or a notice says, by the protocol's letter for each part. */
    static Map<Character, String> said(ByteBuffer body) {
        Map<Character, String> parts = new LinkedHashMap<>();
        while (body.hasRemaining()) {
            char part = (char) (body.get() & 0xff);
            if (part == 0) {
                break;
            }
            parts.put(part, text(body));
        }
        return parts;
    }
}
