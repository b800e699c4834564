package com.cybernance.continuity.postgres.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parsed setting {@code synchronous_standby_names}.
 *
 * @param method whether commits wait for the first so many by priority, or for any so many
 * @param count how many a commit waits for; 0 when the setting is empty
 * @param names whom it names, in order; {@code *} stands for anybody
 */
public record SynchronousNames(Method method, int count, List<String> names) {
    private static final Pattern LISTED = Pattern.compile(
            "\\s*(?:(FIRST|ANY)\\s+)?(\\d+)\\s*\\((.*)\\)\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\\s*(?:\"((?:[^\"]|\"\")*)\"|([^\\s,\"]+))\\s*(?:,|$)");

    /** How commits choose whom they wait for. */
    public enum Method {
        FIRST,
        ANY
    }

    public SynchronousNames {
        names = List.copyOf(names);
    }

    /** Reads a value that the server accepted. */
    public static SynchronousNames parse(String setting) {
        if (setting.isBlank()) {
            return new SynchronousNames(Method.FIRST, 0, List.of());
        }
        Matcher listed = LISTED.matcher(setting);
        if (!listed.matches()) {
            return new SynchronousNames(Method.FIRST, 1, names(setting));
        }
        Method method = "ANY".equalsIgnoreCase(listed.group(1)) ? Method.ANY : Method.FIRST;
        return new SynchronousNames(method, Integer.parseInt(listed.group(2)), names(listed.group(3)));
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public boolean wildcard() {
        return names.contains("*");
    }

    /** Whether the server would count a standby of this name; it compares without regard to case. */
    public boolean name(String standby) {
        return wildcard() || names.stream().anyMatch(standby::equalsIgnoreCase);
    }

    /** The standbys that are named one by one. */
    public List<String> standbys() {
        return names.stream().filter(name -> !name.equals("*")).toList();
    }

    private static List<String> names(String list) {
        List<String> found = new ArrayList<>();
        Matcher each = NAME.matcher(list);
        while (each.lookingAt()) {
            String quoted = each.group(1);
            found.add(
                    quoted != null
                            ? quoted.replace("\"\"", "\"")
                            : each.group(2).toLowerCase(Locale.ROOT));
            each.region(each.end(), list.length());
            if (each.regionStart() == list.length()) {
                break;
            }
        }
        return found;
    }
}
