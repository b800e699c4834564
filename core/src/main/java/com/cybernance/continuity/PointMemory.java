package com.cybernance.continuity;

import com.cybernance.continuity.check.Newest;
import com.cybernance.continuity.check.PointHistory;
import com.cybernance.continuity.check.PointLook;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far the complete copies of one target reached, look by look. For one thread at a time; the looks come in the order
 * in which they began.
 */
final class PointMemory {
    /** A look every two seconds for more than a day. The oldest go first, and then the period is not wholly observed. */
    static final int MOST_LOOKS = 50_000;

    private final TargetId target;
    private final Deque<PointLook> looks = new ArrayDeque<>();
    private final Map<Home, FirstSeen> newest = new HashMap<>();
    private final Set<String> scopes = new HashSet<>();

    /** The copies of a resource in a place. */
    private record Home(ResourceId resource, Place place) {}

    /** A newest moment, and the tick of the look that was the first to find it. */
    private record FirstSeen(Instant latest, long tick) {}

    PointMemory(TargetId target) {
        this.target = target;
    }

    /** Takes what a look brought that began at this moment on the wall clock and on the ticker. */
    void take(Sighting<RestorePoint> sighting, long tick) {
        Map<Home, Instant> reached = new HashMap<>();
        for (RestorePoint point : sighting.found()) {
            for (Copy copy : point.copies()) {
                if (copy.state() != Copy.State.TAKEN) {
                    reached.merge(
                            new Home(point.resource(), copy.place()),
                            point.latest(),
                            (one, other) -> one.isAfter(other) ? one : other);
                }
            }
        }
        List<Newest> found = new ArrayList<>();
        reached.forEach((home, latest) -> {
            FirstSeen seen = newest.get(home);
            if (seen == null || !seen.latest().equals(latest)) {
                seen = new FirstSeen(latest, tick);
                newest.put(home, seen);
            }
            found.add(new Newest(
                    home.resource(), home.place(), latest, exposure(latest, sighting.at(), tick - seen.tick())));
        });
        found.sort(Comparator.comparing(each -> each.resource() + " " + each.place()));
        scopes.addAll(sighting.complete());
        boolean every =
                sighting.complete().contains(Sink.ALL) || sighting.complete().containsAll(scopes);
        boolean whole =
                every && !sighting.complete().isEmpty() && sighting.blind().isEmpty();
        if (looks.size() == MOST_LOOKS) {
            looks.removeFirst();
        }
        looks.addLast(new PointLook(sighting.at(), tick, whole, found));
    }

    /** A wall clock may be set back: nothing that has been known for a minute is fresher than a minute. */
    private static Duration exposure(Instant latest, Instant at, long knownFor) {
        Duration known = Duration.ofNanos(knownFor);
        Duration lag = Duration.between(latest, at);
        return lag.compareTo(known) > 0 ? lag : known;
    }

    PointHistory history(Instant now, long tick) {
        return new PointHistory(target, List.copyOf(looks), scopes, now, tick);
    }
}
