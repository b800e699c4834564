package com.cybernance.continuity.policy;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The digest of a policy, over one rendering of all its values. Nothing in a policy depends on an order, so lists are
 * sorted; a component with nothing in it is left out, so that one added later leaves old digests alone. Every text has
 * its length before it, so that no two policies render alike.
 */
final class PolicyDigest {
    private PolicyDigest() {}

    static String of(Policy policy) {
        try {
            byte[] text = ("continuity policy 1\n" + render(policy)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String render(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(PolicyDigest::render).orElse("");
        }
        if (value instanceof Collection<?> many) {
            return sorted(many.stream().map(PolicyDigest::render).toList());
        }
        if (value instanceof Map<?, ?> map) {
            return sorted(map.entrySet().stream()
                    .map(each -> render(each.getKey()) + render(each.getValue()))
                    .toList());
        }
        String word = value instanceof Objective objective ? text(objective.word()) : "";
        return word + (value instanceof Record record ? components(record) : text(String.valueOf(value)));
    }

    private static String components(Record value) {
        List<String> rendered = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String one = render(read(component, value));
            if (!one.isEmpty()) {
                rendered.add(text(component.getName()) + one);
            }
        }
        return "{" + sorted(rendered) + "}";
    }

    private static Object read(RecordComponent component, Record value) {
        try {
            component.getAccessor().trySetAccessible();
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "objective %s cannot be read: make it a public record"
                            .formatted(value.getClass().getName()),
                    e);
        }
    }

    private static String sorted(List<String> rendered) {
        return rendered.isEmpty()
                ? ""
                : "[" + String.join("", rendered.stream().sorted().toList()) + "]";
    }

    /** Empty for an empty text: the same as no text at all. */
    private static String text(String value) {
        return value.isEmpty() ? "" : value.length() + ":" + value;
    }
}
