package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The JSON of this room's records: strict, because a record that is half understood would be acted on. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object(int format) {
        return MAPPER.createObjectNode().put("format", format);
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Reads a whole record.
     *
     * @param what what it is, for messages
     * @throws ContinuityException of kind {@code UNSUPPORTED} when a newer release wrote it, {@code CORRUPT} when it is
     *     not such a record
     */
    static <T> T read(byte[] bytes, String what, int newest, Function<JsonNode, T> reader) {
        JsonNode root = parse(bytes, what);
        JsonNode format = root.path("format");
        if (!format.isInt() || format.intValue() < 1) {
            throw corrupt(what, "it names no format");
        }
        if (format.intValue() > newest) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "%s has format %d, this release knows up to %d and leaves it untouched"
                            .formatted(what, format.intValue(), newest),
                    "use a release that is at least as new as the one that wrote it");
        }
        return whole(what, () -> reader.apply(root));
    }

    private static JsonNode parse(byte[] bytes, String what) {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException broken) {
            // The parser's own message quotes the content.
            throw corrupt(what, "it is not JSON");
        }
    }

    private static <T> T whole(String what, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException | DateTimeException broken) {
            throw corrupt(what, String.valueOf(broken.getMessage()));
        }
    }

    private static ContinuityException corrupt(String what, String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "%s is damaged: %s".formatted(what, why),
                "something else wrote into the state store; give this library one of its own");
    }

    static JsonNode part(JsonNode node, String name) {
        JsonNode part = node.get(name);
        if (part == null) {
            throw new IllegalArgumentException("it has no '%s'".formatted(name));
        }
        return part;
    }

    static String text(JsonNode node, String name) {
        return textOf(part(node, name), name);
    }

    private static String textOf(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("its '%s' is not a text".formatted(name));
        }
        return value.textValue();
    }

    static long number(JsonNode node, String name) {
        JsonNode value = part(node, name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("its '%s' is not a whole number".formatted(name));
        }
        return value.longValue();
    }

    static Instant moment(JsonNode node, String name) {
        return Instant.parse(text(node, name));
    }

    static Duration duration(JsonNode node, String name) {
        return Duration.parse(text(node, name));
    }

    static <E extends Enum<E>> E word(JsonNode node, String name, Class<E> type) {
        return Enum.valueOf(type, text(node, name));
    }

    /** What is there unless it is null. */
    static <T> Optional<T> optional(JsonNode node, String name, Function<String, T> reader) {
        JsonNode value = part(node, name);
        return value.isNull() ? Optional.empty() : Optional.of(reader.apply(textOf(value, name)));
    }

    static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> reader) {
        JsonNode values = part(node, name);
        if (values.getNodeType() != JsonNodeType.ARRAY) {
            throw new IllegalArgumentException("its '%s' is not a list".formatted(name));
        }
        List<T> list = new ArrayList<>();
        values.forEach(each -> list.add(reader.apply(each)));
        return list;
    }

    static List<String> texts(JsonNode node, String name) {
        return list(node, name, each -> textOf(each, name));
    }

    static Map<String, String> map(JsonNode node, String name) {
        JsonNode values = part(node, name);
        if (!values.isObject()) {
            throw new IllegalArgumentException("its '%s' is not an object".formatted(name));
        }
        Map<String, String> map = new LinkedHashMap<>();
        values.properties().forEach(each -> map.put(each.getKey(), textOf(each.getValue(), each.getKey())));
        return map;
    }

    /** A text, or null for none. */
    static void put(ObjectNode node, String name, Optional<?> value) {
        node.put(name, value.map(Object::toString).orElse(null));
    }

    static void put(ObjectNode node, String name, Iterable<String> values) {
        var list = node.putArray(name);
        values.forEach(list::add);
    }

    static void put(ObjectNode node, String name, Map<String, String> values) {
        ObjectNode map = node.putObject(name);
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> map.put(each.getKey(), each.getValue()));
    }
}
