package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way of the log that ends on one timeline: which timeline holds which positions.
 *
 * @param timeline where it ends
 * @param legs in the order of the log, each beginning where the one before ends
 */
public record TimelinePath(int timeline, List<Leg> legs) {
    /** Behind every position. */
    public static final Lsn NO_END = new Lsn(-1);

    private static final Pattern LINE = Pattern.compile("([0-9]{1,9})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(\\s.*)?");

    public TimelinePath {
        legs = List.copyOf(legs);
    }

    /**
     * The positions that one timeline holds.
     *
     * @param from inclusive
     * @param to exclusive; {@link #NO_END} on the last timeline
     */
    public record Leg(int timeline, Lsn from, Lsn to) {}

    /** Of the first timeline, which has no history. */
    public static TimelinePath first() {
        return new TimelinePath(1, List.of(new Leg(1, Lsn.ZERO, NO_END)));
    }

    /** Of a timeline whose origin nobody recorded: nothing before it is known. */
    public static TimelinePath alone(int timeline) {
        return new TimelinePath(timeline, List.of(new Leg(timeline, Lsn.ZERO, NO_END)));
    }

    /**
     * Reads a server's history file.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when it is none
     */
    public static TimelinePath of(int timeline, byte[] history) {
        List<Leg> legs = new ArrayList<>();
        Lsn from = Lsn.ZERO;
        int before = 0;
        for (String raw : new String(history, StandardCharsets.UTF_8).split("\n", -1)) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw corrupt(timeline, "holds a line that names no timeline and position");
            }
            int ancestor = Integer.parseInt(parts.group(1));
            Lsn to = Lsn.parse(parts.group(2));
            if (ancestor <= before || ancestor >= timeline || to.isBefore(from)) {
                throw corrupt(
                        timeline,
                        "leaves timeline %d at %s after timeline %d at %s".formatted(ancestor, to, before, from));
            }
            legs.add(new Leg(ancestor, from, to));
            before = ancestor;
            from = to;
        }
        if (legs.isEmpty()) {
            throw corrupt(timeline, "names no timeline that it comes from");
        }
        legs.add(new Leg(timeline, from, NO_END));
        return new TimelinePath(timeline, legs);
    }

    /** Where the path leaves or has a timeline; empty when it never goes there. */
    public Optional<Leg> on(int which) {
        return legs.stream().filter(leg -> leg.timeline() == which).findFirst();
    }

    /** The legs between two positions, the second one exclusive, cut to them. */
    public List<Leg> between(Lsn from, Lsn to) {
        return legs.stream()
                .map(leg -> new Leg(leg.timeline(), Lsn.later(from, leg.from()), Lsn.earlier(to, leg.to())))
                .filter(leg -> leg.from().isBefore(leg.to()))
                .toList();
    }

    /** Whether this path goes on where another one is a part of it, as it must on the way through it. */
    public boolean agreesWith(TimelinePath ancestor) {
        int before = ancestor.legs.size() - 1;
        return legs.size() > ancestor.legs.size()
                && legs.subList(0, before).equals(ancestor.legs.subList(0, before))
                && legs.get(before).timeline() == ancestor.timeline
                && legs.get(before).from().equals(ancestor.last().from());
    }

    /** Where its last timeline begins. */
    public Leg last() {
        return legs.get(legs.size() - 1);
    }

    private static ContinuityException corrupt(int timeline, String what) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the history of timeline %d %s".formatted(timeline, what),
                "fetch the file from a server of that timeline, or use another copy");
    }
}
