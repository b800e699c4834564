package com.cybernance.continuity.postgres.layout;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields of one JSON object. Each reader gives what was asked for, or fails naming the field and what it found. */
final class Fields {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withResolverStyle(ResolverStyle.STRICT);
    private static final int MOST_SHOWN = 60;

    private final String record;
    private final String path;
    private final JsonNode object;

    /** @param record what it is, for messages */
    Fields(String record, JsonNode root) {
        this(record, "", root);
    }

    private Fields(String record, String path, JsonNode object) {
        this.record = record;
        this.path = path;
        this.object = object;
        if (!object.isObject()) {
            throw corrupt(path.isEmpty() ? "it" : path, object, "a JSON object");
        }
    }

    /** As all times in the layout: six digits, cut off, never rounded up. */
    static String time(Instant moment) {
        return TIME.format(LocalDateTime.ofInstant(moment, ZoneOffset.UTC));
    }

    Instant time(String name) {
        String text = text(name);
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notATime) {
            throw corrupt(path + name, object.get(name), "a time such as 2026-11-23T10:00:00.000000Z");
        }
    }

    String text(String name) {
        JsonNode value = field(name);
        if (!value.isTextual()) {
            throw corrupt(path + name, value, "text");
        }
        return value.textValue();
    }

    /** @param expected what the pattern means, in words */
    String text(String name, String pattern, String expected) {
        String text = text(name);
        if (!text.matches(pattern)) {
            throw corrupt(path + name, object.get(name), expected);
        }
        return text;
    }

    String sha256(String name) {
        return text(name, "[0-9a-f]{64}", "a SHA-256 of 64 lower-case hex digits");
    }

    Lsn position(String name) {
        return Lsn.ofHex(text(name, "[0-9a-f]{16}", "a log position of 16 lower-case hex digits"));
    }

    boolean truth(String name) {
        JsonNode value = field(name);
        if (!value.isBoolean()) {
            throw corrupt(path + name, value, "true or false");
        }
        return value.booleanValue();
    }

    /** Both ends inclusive. */
    long number(String name, long least, long most) {
        JsonNode value = field(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw corrupt(path + name, value, "a whole number from %d to %d".formatted(least, most));
        }
        return value.longValue();
    }

    int number(String name, int least) {
        return Math.toIntExact(number(name, least, Integer.MAX_VALUE));
    }

    /** Empty for null; the field itself must be there. */
    Optional<Fields> maybe(String name) {
        JsonNode value = field(name);
        return value.isNull() ? Optional.empty() : Optional.of(new Fields(record, path + name + ".", value));
    }

    List<Fields> list(String name) {
        JsonNode values = field(name);
        if (!values.isArray()) {
            throw corrupt(path + name, values, "a list");
        }
        List<Fields> all = new ArrayList<>();
        for (JsonNode value : values) {
            all.add(new Fields(record, "%s%s[%d].".formatted(path, name, all.size()), value));
        }
        return all;
    }

    /** A failure that is about a field as a whole. */
    ContinuityException wrong(String name, String expected) {
        return corrupt(path + name, field(name), expected);
    }

    private JsonNode field(String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "%s is damaged: %s%s is missing".formatted(record, path, name),
                    "use another copy; this one was cut or rewritten");
        }
        return value;
    }

    private ContinuityException corrupt(String where, JsonNode found, String expected) {
        String shown = found.toString();
        return new ContinuityException(
                FailureKind.CORRUPT,
                "%s is damaged: %s is %s, expected %s"
                        .formatted(record, where, shown.substring(0, Math.min(MOST_SHOWN, shown.length())), expected),
                "use another copy; this one was damaged or not written by this library");
    }
}
