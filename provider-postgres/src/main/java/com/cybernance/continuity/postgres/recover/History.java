package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a timeline came to be: the stretches of log that lead to it, the oldest first, each without a gap to the next; the
 * last is open-ended.
 *
 * @param timeline which one
 * @param stretches one for each ancestor, then one for the timeline itself
 */
record History(int timeline, List<Stretch> stretches) {
    private static final Pattern LINE =
            Pattern.compile("\\s*([0-9]{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(\\s.*)?");
    private static final int LONGEST = 1 << 20;

    /** Where a stretch without an end ends. */
    static final Lsn OPEN = new Lsn(-1L);

    History {
        stretches = List.copyOf(stretches);
    }

    /**
     * Log of one timeline.
     *
     * @param from inclusive
     * @param to exclusive
     */
    record Stretch(int timeline, Lsn from, Lsn to) {
        boolean holds(Lsn position) {
            return !position.isBefore(from) && position.isBefore(to);
        }
    }

    /** Timeline 1, or one whose origin nobody recorded. */
    static History first(int timeline) {
        return new History(timeline, List.of(new Stretch(timeline, Lsn.ZERO, OPEN)));
    }

    /**
     * Reads a server's history file.
     *
     * @throws com.cybernance.continuity.facts.ContinuityException of kind {@code CORRUPT} when it is none, or its
     *     timelines or positions do not ascend
     */
    static History parse(int timeline, byte[] file, String name) {
        if (file.length > LONGEST) {
            throw Words.corrupt("%s is %d bytes long".formatted(name, file.length));
        }
        List<Stretch> stretches = new ArrayList<>();
        Lsn from = Lsn.ZERO;
        int before = 0;
        for (String line : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            long number = parts.matches() ? Long.parseLong(parts.group(1)) : 0;
            if (number <= before || number >= timeline) {
                throw Words.corrupt("%s is no history of timeline %d".formatted(name, timeline));
            }
            Lsn to = Lsn.parse(parts.group(2));
            if (to.isBefore(from)) {
                throw Words.corrupt(
                        "in %s timeline %d ends at %s before it begins at %s".formatted(name, number, to, from));
            }
            stretches.add(new Stretch((int) number, from, to));
            from = to;
            before = (int) number;
        }
        if (stretches.isEmpty()) {
            throw Words.corrupt("%s names no timeline before %d".formatted(name, timeline));
        }
        stretches.add(new Stretch(timeline, from, OPEN));
        return new History(timeline, stretches);
    }

    /** The stretch of a timeline on the way here; empty when it is not on it. */
    Optional<Stretch> of(int ancestor) {
        return stretches.stream().filter(each -> each.timeline() == ancestor).findFirst();
    }

    /** The stretches between two positions, cut to them. */
    List<Stretch> between(Lsn from, Lsn to) {
        return stretches.stream()
                .map(each -> new Stretch(each.timeline(), Lsn.later(from, each.from()), Lsn.earlier(to, each.to())))
                .filter(each -> each.from().isBefore(each.to()))
                .toList();
    }

    /** Whether this history goes on where the other one is a part of it, as it must on the way through it. */
    boolean agreesWith(History ancestor) {
        int shared = ancestor.stretches.size();
        return stretches.size() > shared
                && stretches.subList(0, shared - 1).equals(ancestor.stretches.subList(0, shared - 1))
                && stretches.get(shared - 1).timeline() == ancestor.timeline
                && stretches
                        .get(shared - 1)
                        .from()
                        .equals(ancestor.stretches.get(shared - 1).from());
    }
}
