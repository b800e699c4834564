package com.cybernance.continuity.postgres.receive;

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
 * The timelines that lead to a server's own one, oldest first, and where each was left.
 *
 * @param timeline the server's own
 * @param forks its ancestors
 */
record Ancestry(int timeline, List<Fork> forks) {
    private static final Pattern LINE = Pattern.compile("\\s*([0-9]+)\\s+([0-9A-Fa-f]+/[0-9A-Fa-f]+)(\\s.*)?");

    Ancestry {
        forks = List.copyOf(forks);
    }

    /**
     * A timeline that was left.
     *
     * @param until where the next one begins
     */
    record Fork(int timeline, Lsn until) {}

    /** The first timeline has no ancestors and no history file. */
    static Ancestry first() {
        return new Ancestry(1, List.of());
    }

    /** Reads a server's history file. */
    static Ancestry parse(int timeline, byte[] history) {
        List<Fork> forks = new ArrayList<>();
        int newest = 0;
        for (String line : new String(history, StandardCharsets.UTF_8).lines().toList()) {
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw corrupt(timeline, "a line that names no timeline and position");
            }
            int ancestor = Integer.parseInt(parts.group(1));
            if (ancestor <= newest || ancestor >= timeline) {
                throw corrupt(timeline, "timeline %d after %d".formatted(ancestor, newest));
            }
            newest = ancestor;
            forks.add(new Fork(ancestor, Lsn.parse(parts.group(2))));
        }
        return new Ancestry(timeline, forks);
    }

    /** Where a timeline was left; empty when it is the server's own, or none of its ancestors. */
    Optional<Lsn> leftAt(int ancestor) {
        return forks.stream()
                .filter(fork -> fork.timeline() == ancestor)
                .map(Fork::until)
                .findFirst();
    }

    boolean includes(int which) {
        return which == timeline || leftAt(which).isPresent();
    }

    /** The timeline that comes after an ancestor. It need not be the next number. */
    int after(int ancestor) {
        return forks.stream()
                .mapToInt(Fork::timeline)
                .filter(each -> each > ancestor)
                .findFirst()
                .orElse(timeline);
    }

    private static ContinuityException corrupt(int timeline, String what) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the history of timeline %d cannot be read: %s".formatted(timeline, what),
                "see the file in the server's pg_wal");
    }
}
