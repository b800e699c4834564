package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the file in which a server lists the tablespaces outside of its data directory, in place of links to them: a line
 * for each, with its number and its path. A backslash stands before what would end a line in a path, and before itself.
 */
public final class TablespaceMap {
    /** Its name in the data directory. */
    public static final String NAME = "tablespace_map";

    /** More than any server writes. */
    public static final int MOST_BYTES = 1 << 20;

    private static final Pattern LINE = Pattern.compile("([0-9]{1,10}) .+", Pattern.DOTALL);

    private TablespaceMap() {}

    /**
     * The numbers that it lists; none of an empty one.
     *
     * @param damaged makes the failure of a file that no server writes
     */
    public static SortedSet<Long> numbers(byte[] map, Function<String, ContinuityException> damaged) {
        SortedSet<Long> numbers = new TreeSet<>();
        StringBuilder line = new StringBuilder();
        boolean escaped = false;
        for (byte each : map) {
            char character = (char) (each & 0xFF);
            if (!escaped && character == '\n') {
                if (!numbers.add(number(line.toString(), damaged))) {
                    throw damaged.apply(NAME + " lists a tablespace twice");
                }
                line.setLength(0);
            } else if (!escaped && character == '\\') {
                escaped = true;
            } else {
                escaped = false;
                line.append(character);
            }
        }
        if (escaped || line.length() > 0) {
            throw damaged.apply(NAME + " ends within a line");
        }
        return numbers;
    }

    private static long number(String line, Function<String, ContinuityException> damaged) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw damaged.apply(NAME + " has a line without the number and the path of a tablespace");
        }
        return Long.parseLong(parts.group(1));
    }
}
