package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * The name of one {@code BackupTarget}, for example {@code postgres:orders}. It appears in findings, logs and records,
 * so it holds no secret.
 *
 * @param value 1 to 128 characters: a letter or digit, then letters, digits and {@code . _ : / -}
 */
public record TargetId(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

    public TargetId {
        requireNonNull(value, "value");
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "target id '%s' is not allowed. Hint: 1 to 128 characters, a letter or digit first, then letters, digits and . _ : / -"
                            .formatted(value));
        }
    }

    public static TargetId of(String value) {
        return new TargetId(value);
    }

    /** A member of this target, for example one server of a cluster. */
    public ResourceId member(String name) {
        return new ResourceId(this, name);
    }

    @Override
    public String toString() {
        return value;
    }
}
