package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.util.List;
import java.util.regex.Pattern;

/** The names of vaults, objects and holds. */
final class Names {
    static final int MOST_PARTS = 8;

    private static final Pattern VAULT = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

    private Names() {}

    static String vault(String name) {
        if (!VAULT.matcher(name).matches()) {
            throw refused("a vault", name, VAULT.pattern());
        }
        return name;
    }

    /** The parts of an object's name. */
    static List<String> parts(String object) {
        List<String> parts = List.of(object.split("/", -1));
        if (parts.size() > MOST_PARTS || !parts.stream().allMatch(Names::isPart)) {
            throw refused("an object", object, "one to " + MOST_PARTS + " parts joined by '/', each " + PART.pattern());
        }
        return parts;
    }

    /** The parts of a prefix that ends in '/'; none for the empty one. */
    static List<String> prefix(String prefix) {
        if (prefix.isEmpty()) {
            return List.of();
        }
        if (!prefix.endsWith("/")) {
            throw refused("a prefix", prefix, "\"\", or whole parts that end in '/'");
        }
        return parts(prefix.substring(0, prefix.length() - 1));
    }

    static String hold(String hold) {
        if (!isPart(hold)) {
            throw refused("a hold", hold, PART.pattern());
        }
        return hold;
    }

    static boolean isPart(String name) {
        return PART.matcher(name).matches();
    }

    private static ContinuityException refused(String what, String name, String expected) {
        String safe = name.replaceAll("[^\\x20-\\x7e]", "?");
        return new ContinuityException(
                FailureKind.MISCONFIGURED,
                what + " cannot be called '" + (safe.length() <= 200 ? safe : safe.substring(0, 200) + "...")
                        + "': expected " + expected,
                "use lower-case letters, digits, dots, hyphens and underscores");
    }
}
