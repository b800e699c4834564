package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Chooses what to restore from. Pure: the same sighting, goal and steps give the same plan, in whatever order things were
 * seen.
 *
 * <p>Of the copies that the goal allows and that reach the end, the one of the newest base is chosen, then the most
 * grown-up, then the last by id. One restore point is used, and nothing of another lineage. An end that several lineages
 * reach is refused unless the goal names one; a lineage counts even when all of its copies are lost, because choosing
 * between histories is for a person.
 */
public final class RestorePlanner {
    private final RestoreGoal goal;
    private final Function<RestoreRequest, List<String>> steps;
    private final List<Candidate> all;
    private final Map<Candidate, List<String>> against = new LinkedHashMap<>();

    private RestorePlanner(RestoreGoal goal, Function<RestoreRequest, List<String>> steps, List<RestorePoint> points) {
        this.goal = goal;
        this.steps = steps;
        this.all = candidates(points);
        all.forEach(each -> against.put(each, each.against(goal)));
    }

    /**
     * Plans.
     *
     * @param seen the newest look at the resource's restore points
     * @param steps what a restorer would do, {@code restorer::steps}; a request that it refuses is not chosen
     * @param now the time on the clock that stamped the sighting
     * @throws UnreachableException when the goal cannot be met from what was seen; of kind {@code NOT_FOUND} when nothing
     *     reaches the end, {@code CONFLICT} when several lineages do, {@code UNREACHABLE} when the evidence is too old
     */
    public static RestorePlan plan(
            Sighting<RestorePoint> seen, RestoreGoal goal, Function<RestoreRequest, List<String>> steps, Instant now) {
        Evidence.check(seen, goal, now);
        List<RestorePoint> points = seen.found().stream()
                .filter(point -> point.resource().equals(goal.resource()))
                .toList();
        return new RestorePlanner(goal, steps, points).plan(seen);
    }

    private static List<Candidate> candidates(List<RestorePoint> points) {
        Map<String, RestorePoint> distinct = new HashMap<>();
        points.forEach(point -> distinct.put(Canonical.of(point), point));
        return distinct.entrySet().stream()
                .flatMap(each -> each.getValue().copies().stream()
                        .map(copy -> new Candidate(each.getValue(), copy, each.getKey())))
                .sorted(Candidate.BEST_FIRST)
                .distinct()
                .toList();
    }

    private RestorePlan plan(Sighting<RestorePoint> seen) {
        Map<Candidate, List<String>> offers = offers();
        Optional<Instant> end = goal.to()
                .moment()
                .or(() -> goal.to().position().isPresent()
                        ? Optional.empty()
                        : offers.keySet().stream()
                                .map(each -> each.point().latest())
                                .max(Comparator.naturalOrder()));
        end.ifPresent(
                moment -> all.stream().filter(each -> !each.reaches(moment)).forEach(each -> against(each)
                        .add(each.misses(moment))));
        List<Candidate> reaching =
                offers.keySet().stream().filter(each -> against(each).isEmpty()).toList();
        if (reaching.isEmpty()) {
            throw unreachable(seen);
        }
        Candidate chosen = reaching.get(0);
        List<String> lineages = lineages(end, reaching);
        if (goal.lineage().isEmpty() && lineages.size() > 1) {
            throw ambiguous(end, lineages);
        }
        reaching.stream().skip(1).forEach(each -> against(each).add(each.behind(chosen)));
        List<String> todo = offers.getOrDefault(chosen, List.of());
        return RestorePlan.of(
                goal, chosen.request(goal, goal.to()), todo, seen.at(), end, rejected(), Evidence.unseen(seen));
    }

    /** What could be done, best first: the steps of each candidate that the goal allows and the restorer accepts. */
    private Map<Candidate, List<String>> offers() {
        Map<Candidate, List<String>> offers = new LinkedHashMap<>();
        for (Candidate each : all) {
            if (against(each).isEmpty() && goal.to().moment().map(each::reaches).orElse(true)) {
                List<String> why = new ArrayList<>();
                offer(each, goal.to(), why).ifPresent(todo -> offers.put(each, todo));
                against(each).addAll(why);
            }
        }
        return offers;
    }

    private Optional<List<String>> offer(Candidate candidate, RecoverTo to, List<String> why) {
        try {
            List<String> todo = List.copyOf(steps.apply(candidate.request(goal, to)));
            Set<String> once = new HashSet<>(todo);
            if (!todo.isEmpty() && once.size() == todo.size()) {
                return Optional.of(todo);
            }
            why.add("the restorer names the steps %s, not each once".formatted(todo));
        } catch (ContinuityException refused) {
            why.add("the restorer refuses it: " + refused.getMessage());
        }
        return Optional.empty();
    }

    private List<String> against(Candidate candidate) {
        return against.getOrDefault(candidate, List.of());
    }

    private List<String> lineages(Optional<Instant> end, List<Candidate> reaching) {
        Stream<Candidate> counting =
                end.isPresent() ? all.stream().filter(each -> each.reaches(end.get())) : reaching.stream();
        return counting.map(each -> each.point().lineage()).distinct().sorted().toList();
    }

    private List<Rejected> rejected() {
        return all.stream()
                .filter(each -> !against(each).isEmpty())
                .map(each -> each.rejected(against(each)))
                .toList();
    }

    private UnreachableException ambiguous(Optional<Instant> end, List<String> lineages) {
        return new UnreachableException(
                FailureKind.CONFLICT,
                "%s can be brought back to %s in %d lineages: %s"
                        .formatted(
                                goal.resource(),
                                end.map(Instant::toString).orElse(goal.to().toString()),
                                lineages.size(),
                                String.join(", ", lineages)),
                "find out which history is the right one, and name its lineage in the goal",
                new UnreachableException.Refusal(rejected(), Optional.empty(), Optional.empty(), lineages));
    }

    private UnreachableException unreachable(Sighting<RestorePoint> seen) {
        Optional<Instant> before = goal.to().moment().flatMap(this::before);
        Optional<Instant> after = goal.to().moment().flatMap(this::after);
        List<Rejected> rejected = rejected();
        List<String> unseen = Evidence.unseen(seen);
        String what = all.isEmpty()
                ? "no restore point of %s was seen at %s".formatted(goal.resource(), seen.at())
                : "%s cannot be brought back to %s:%s".formatted(goal.resource(), goal.to(), Rejected.lines(rejected));
        String hidden = unseen.isEmpty() ? "" : "; not seen: " + String.join("; ", unseen);
        return new UnreachableException(
                FailureKind.NOT_FOUND,
                what + hidden,
                goal.to().moment().isPresent()
                        ? "nearest reachable before: %s, after: %s".formatted(word(before), word(after))
                        : "ask for less, or look where another copy may be",
                new UnreachableException.Refusal(rejected, before, after, List.of()));
    }

    private static String word(Optional<Instant> moment) {
        return moment.map(Instant::toString).orElse("none");
    }

    private Optional<Instant> before(Instant asked) {
        Comparator<Candidate> latest = Comparator.comparing(each -> each.point().latest());
        return nearest(each -> each.point().latest().isBefore(asked), latest.reversed(), each -> each.point()
                .latest());
    }

    private Optional<Instant> after(Instant asked) {
        Comparator<Candidate> earliest =
                Comparator.comparing(each -> each.point().earliest());
        return nearest(each -> each.point().earliest().isAfter(asked), earliest, each -> each.point()
                .earliest());
    }

    private Optional<Instant> nearest(
            Predicate<Candidate> side, Comparator<Candidate> nearestFirst, Function<Candidate, Instant> end) {
        return all.stream()
                .filter(each -> each.against(goal).isEmpty())
                .filter(side)
                .sorted(nearestFirst)
                .filter(each -> offer(each, RecoverTo.moment(end.apply(each)), new ArrayList<>())
                        .isPresent())
                .map(end)
                .findFirst();
    }
}
