package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The right answer to a goal, found by trying every copy of every point, in loops that share nothing with the planner. */
final class Oracle {
    private final List<RestorePoint> points;
    private final RestoreGoal goal;
    private final Predicate<RestoreRequest> possible;

    /** A point and the id of its copy. */
    record Use(RestorePoint point, Copy copy) {}

    /**
     * The answer.
     *
     * @param best those that may be chosen: they differ in nothing that matters
     * @param lineages that reach the end
     */
    record Answer(List<Use> best, Set<String> lineages, Optional<Instant> end) {}

    Oracle(List<RestorePoint> points, RestoreGoal goal, Predicate<RestoreRequest> possible) {
        this.points = points.stream()
                .filter(point -> point.resource().equals(goal.resource()))
                .toList();
        this.goal = goal;
        this.possible = possible;
    }

    Answer answer() {
        List<Use> allowed = new ArrayList<>();
        for (RestorePoint point : points) {
            for (Copy copy : point.copies()) {
                if (allowed(point, copy) && possible.test(request(point, copy, goal.to()))) {
                    allowed.add(new Use(point, copy));
                }
            }
        }
        Instant end = end(allowed);
        List<Use> reaching = new ArrayList<>();
        for (Use use : allowed) {
            if (end == null || inside(use.point(), end)) {
                reaching.add(use);
            }
        }
        Set<String> lineages = new TreeSet<>();
        if (end == null) {
            reaching.forEach(use -> lineages.add(use.point().lineage()));
        } else {
            points.stream().filter(point -> inside(point, end)).forEach(point -> lineages.add(point.lineage()));
        }
        return new Answer(best(reaching), lineages, Optional.ofNullable(end));
    }

    @org.jspecify.annotations.Nullable
    private Instant end(List<Use> allowed) {
        if (goal.to().moment().isPresent()) {
            return goal.to().moment().get();
        }
        Instant end = null;
        if (goal.to().position().isEmpty()) {
            for (Use use : allowed) {
                if (end == null || use.point().latest().compareTo(end) > 0) {
                    end = use.point().latest();
                }
            }
        }
        return end;
    }

    /** The greatest (or the least) reachable end of a window on one side of the moment. */
    Optional<Instant> nearest(boolean before, Instant asked) {
        Instant nearest = null;
        for (RestorePoint point : points) {
            Instant end = before ? point.latest() : point.earliest();
            boolean side = before ? end.compareTo(asked) < 0 : end.compareTo(asked) > 0;
            for (Copy copy : point.copies()) {
                if (side && allowed(point, copy) && possible.test(request(point, copy, RecoverTo.moment(end)))) {
                    boolean nearer =
                            nearest == null || (before ? end.compareTo(nearest) > 0 : end.compareTo(nearest) < 0);
                    nearest = nearer ? end : nearest;
                }
            }
        }
        return Optional.ofNullable(nearest);
    }

    private RestoreRequest request(RestorePoint point, Copy copy, RecoverTo to) {
        return new RestoreRequest(point, copy.id(), to, goal.destination());
    }

    private boolean allowed(RestorePoint point, Copy copy) {
        if (goal.lineage().isPresent() && !goal.lineage().get().equals(point.lineage())) {
            return false;
        }
        for (Requirement each : point.requires()) {
            boolean opens = goal.keys().contains(each.name())
                    || (each.name().equals("k1 or k2")
                            && (goal.keys().contains("k1") || goal.keys().contains("k2")));
            if (each.kind() == Requirement.Kind.KEY && !opens) {
                return false;
            }
        }
        for (Lost lost : goal.lost()) {
            Set<String> named = new HashSet<>();
            for (PlaceFactor factor : copy.place().factors()) {
                if (factor.factor() == lost.factor()) {
                    named.add(factor.value());
                }
            }
            if (named.isEmpty() || named.contains(lost.value())) {
                return false;
            }
        }
        return copy.state().compareTo(goal.least()) >= 0;
    }

    private static boolean inside(RestorePoint point, Instant moment) {
        return point.earliest().compareTo(moment) <= 0 && moment.compareTo(point.latest()) <= 0;
    }

    private static List<Use> best(List<Use> reaching) {
        List<Use> best = new ArrayList<>();
        for (Use use : reaching) {
            int against = best.isEmpty() ? 1 : compare(use, best.get(0));
            if (against > 0) {
                best.clear();
            }
            if (against >= 0) {
                best.add(use);
            }
        }
        return best;
    }

    /** More than zero when the first is better. */
    private static int compare(Use one, Use other) {
        int base = one.point().earliest().compareTo(other.point().earliest());
        if (base != 0) {
            return base;
        }
        int state = one.copy().state().compareTo(other.copy().state());
        if (state != 0) {
            return state;
        }
        int point = one.point().id().compareTo(other.point().id());
        return point != 0 ? point : other.copy().id().compareTo(one.copy().id());
    }
}
