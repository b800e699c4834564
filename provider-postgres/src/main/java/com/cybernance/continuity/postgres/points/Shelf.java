package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.points.VaultSurvey.LogRange;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.postgres.wal.TimelinePath.Leg;
import com.cybernance.continuity.spi.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a vault lists of one cluster, sorted by what it is. Names alone: no object was read. */
final class Shelf {
    private static final String HISTORY = ".history";
    private static final String INDEX = ".json";

    private final Cluster cluster;
    private final Map<String, Map<String, Stored>> backups = new TreeMap<>();
    private final Map<Integer, List<Held>> pieces = new TreeMap<>();
    private final Map<String, String> indexes = new HashMap<>();
    private final Map<Integer, Stored> histories = new TreeMap<>();
    private final List<Stored> holes = new ArrayList<>();
    private final List<Defect> defects = new ArrayList<>();

    Shelf(Cluster cluster) {
        this.cluster = cluster;
    }

    /** One object, in the order of their names: the index of a piece comes before it. */
    void add(Stored object) {
        String name = object.name();
        if (name.startsWith(cluster.log())) {
            addLog(object);
        } else if (name.startsWith(cluster.base())
                && name.substring(cluster.base().length()).matches("[a-z0-9-]+/[a-z0-9._-]+")) {
            String id = name.substring(cluster.base().length(), name.lastIndexOf('/'));
            backups.computeIfAbsent(id, none -> new HashMap<>()).put(name, object);
        } else if (name.startsWith(cluster.timelines())
                && name.substring(cluster.timelines().length()).matches("[0-7][0-9a-f]{7}\\.history")) {
            String digits = name.substring(cluster.timelines().length(), name.length() - HISTORY.length());
            histories.put(Integer.parseInt(digits, 16), object);
        } else if (name.startsWith(cluster.holes())
                && name.substring(cluster.holes().length())
                        .matches("[0-7][0-9a-f]{7}/[0-9a-f]{16}-[0-9a-f]{16}\\.json")) {
            holes.add(object);
        } else {
            foreign(name);
        }
    }

    private void addLog(Stored object) {
        String name = object.name();
        if (name.endsWith(INDEX)) {
            indexes.put(name, object.sha256());
            return;
        }
        Piece.of(cluster, name)
                .ifPresentOrElse(
                        piece -> pieces.computeIfAbsent(piece.timeline(), none -> new ArrayList<>())
                                .add(new Held(piece, object.sha256(), indexes.remove(piece.index(cluster)))),
                        () -> foreign(name));
    }

    /** To be called once, after the last object. */
    void end() {
        indexes.keySet().stream()
                .sorted()
                .forEach(name -> defects.add(new Defect(
                        name, FailureKind.NOT_FOUND, "the piece of the log that it speaks of is not there")));
        pieces.values()
                .forEach(all -> all.sort(
                        Comparator.comparing((Held held) -> held.piece().start())
                                .thenComparing(held -> held.piece().end())));
    }

    private void foreign(String name) {
        defects.add(new Defect(name, FailureKind.CONFLICT, "its name is none of those that belong there"));
    }

    Cluster cluster() {
        return cluster;
    }

    /** The objects of each backup by name, by the backup's id. */
    Map<String, Map<String, Stored>> backups() {
        return backups;
    }

    Map<Integer, Stored> histories() {
        return histories;
    }

    List<Stored> holes() {
        return holes;
    }

    List<Defect> defects() {
        return defects;
    }

    /** The timelines that some piece belongs to. */
    Set<Integer> loggedTimelines() {
        return pieces.keySet();
    }

    /**
     * What is there of a timeline without an interruption.
     *
     * @param unusable digests of pieces that do not count
     */
    List<LogRange> ranges(int timeline, Set<String> unusable) {
        List<LogRange> ranges = new ArrayList<>();
        for (Held held : pieces.getOrDefault(timeline, List.of())) {
            if (unusable.contains(held.digest())) {
                continue;
            }
            int last = ranges.size() - 1;
            Piece piece = held.piece();
            if (last >= 0 && !piece.start().isAfter(ranges.get(last).to())) {
                LogRange before = ranges.get(last);
                ranges.set(last, new LogRange(timeline, before.from(), Lsn.later(before.to(), piece.end())));
            } else {
                ranges.add(new LogRange(timeline, piece.start(), piece.end()));
            }
        }
        return ranges;
    }

    /**
     * A way through the log as far as it is there: runs that begin where the one before ends, along the path.
     *
     * @param start on a leg of the path
     * @param unusable digests of pieces that are passed over
     */
    List<Run> way(TimelinePath path, int timeline, Lsn start, Set<String> unusable) {
        List<Run> way = new ArrayList<>();
        Lsn at = start;
        boolean begun = false;
        for (Leg leg : path.legs()) {
            begun |= leg.timeline() == timeline;
            if (begun) {
                at = follow(leg, at, unusable, way);
                if (at.isBefore(leg.to())) {
                    break;
                }
            }
        }
        return way;
    }

    private Lsn follow(Leg leg, Lsn start, Set<String> unusable, List<Run> way) {
        Lsn at = start;
        Held best = null;
        for (Held held : pieces.getOrDefault(leg.timeline(), List.of())) {
            if (best != null && held.piece().start().isAfter(at)) {
                at = take(leg, best, at, way);
                best = null;
            }
            if (held.piece().start().isAfter(at) || !at.isBefore(leg.to())) {
                break;
            }
            if (held.piece().end().isAfter(best == null ? at : best.piece().end())
                    && !unusable.contains(held.digest())) {
                best = held;
            }
        }
        return best == null || !at.isBefore(leg.to()) ? at : take(leg, best, at, way);
    }

    private static Lsn take(Leg leg, Held held, Lsn from, List<Run> way) {
        Lsn to = Lsn.earlier(held.piece().end(), leg.to());
        way.add(new Run(held, from, to));
        return to;
    }
}
