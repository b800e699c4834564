package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Every;
import com.cybernance.continuity.policy.Every.Interval;
import com.cybernance.continuity.spi.Facet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Whether every finished slot, from that of the oldest restore point to the last, has a complete copy where it should
 * be. Slots are hours, days and weeks of UTC, weeks from Monday. The slot that is still running may be empty.
 */
final class EveryJudge implements Judge<Every> {
    private static final long DAY_SECONDS = 86_400;

    /** How far back is judged: 41 days of hours, almost three years of days. A window may claim to reach back for ever. */
    private static final long MOST_SLOTS = 1_000;

    /** The epoch began on a Thursday: weeks that begin on a Monday are three days ahead of it. */
    private static final long MONDAY_OFFSET_SECONDS = 3 * DAY_SECONDS;

    @Override
    public Opinion judge(Every objective, Question question) {
        List<Seen<RestorePoint>> seen = question.seen(Facet.RESTORE_POINTS);
        if (seen.isEmpty()) {
            return question.cannotSee(Facet.RESTORE_POINTS, "a complete copy for every slot");
        }
        List<Known<?>> used = List.copyOf(seen.stream().map(Seen::known).toList());
        Optional<Seen<RestorePoint>> notWhole =
                seen.stream().filter(each -> !each.all(scopes(each, question))).findFirst();
        if (notWhole.isPresent()) {
            return opinion(
                    Verdict.UNKNOWN,
                    "not every restore point seen",
                    notWhole.get().notAll(scopes(notWhole.get(), question)),
                    "mend what hides the restore points, then look again",
                    used);
        }
        List<TargetId> without = seen.stream()
                .filter(each -> each.facts().isEmpty())
                .map(each -> each.known().target())
                .toList();
        if (!without.isEmpty()) {
            return opinion(
                    Verdict.BREACHED,
                    "no restore point",
                    "%s has no restore point at all".formatted(without.get(0)),
                    "take a backup now",
                    used);
        }
        List<ResourceId> missed =
                seen.stream().flatMap(each -> each.known().missed().stream()).toList();
        if (!missed.isEmpty()) {
            return opinion(
                    Verdict.UNKNOWN,
                    "fewer resources than before",
                    "%s had restore points at an earlier look and has none now".formatted(missed.get(0)),
                    "find out whether it went or is only hidden; a new instance starts without the memory of it",
                    used);
        }
        Map<ResourceId, List<RestorePoint>> byResource = seen.stream()
                .flatMap(each -> each.facts().stream())
                .collect(Collectors.groupingBy(RestorePoint::resource));
        List<Place> homes = homes(question);
        if (!objective.elsewhere().isEmpty() && homes.isEmpty()) {
            return opinion(
                    Verdict.UNKNOWN,
                    "restore points, but not where their source is",
                    "no target of '%s' shows where it is, so nobody can tell what is elsewhere"
                            .formatted(question.subject().name()),
                    "a target that offers ReplicationSource with places",
                    used);
        }
        Predicate<Copy> elsewhere = copy -> elsewhere(copy, homes, objective.elsewhere());
        return Opinion.worst(
                byResource.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(ResourceId::toString)))
                        .map(each ->
                                resource(each.getKey(), each.getValue(), objective, elsewhere, question.now(), used))
                        .toList(),
                "resource");
    }

    private static Set<String> scopes(Seen<RestorePoint> seen, Question question) {
        return question.subject().history(seen.known().target()).scopes();
    }

    private static List<Place> homes(Question question) {
        return question.seen(Facet.REPLICATION).stream()
                .flatMap(each -> each.facts().stream())
                .filter(server -> server.role() == Role.PRIMARY)
                .map(server -> server.place())
                .toList();
    }

    private static boolean elsewhere(Copy copy, List<Place> homes, Set<Factor> factors) {
        return factors.stream()
                .allMatch(factor -> homes.stream().allMatch(home -> copy.place().apartFrom(home, factor)));
    }

    private static Opinion resource(
            ResourceId resource,
            List<RestorePoint> points,
            Every objective,
            Predicate<Copy> elsewhere,
            Instant now,
            List<Known<?>> used) {
        Interval interval = objective.interval();
        long last = slot(now, interval) - 1;
        long first = Math.max(
                last - MOST_SLOTS + 1,
                points.stream()
                        .mapToLong(point -> slot(point.earliest(), interval))
                        .min()
                        .orElseThrow());
        String observed = "%s of %s".formatted(InWords.count(points.size(), "restore point"), resource.member());
        if (first > last) {
            return opinion(
                    Verdict.UNKNOWN,
                    observed,
                    "no finished %s was observed yet for %s".formatted(interval.word(), resource.member()),
                    "wait until the first %s is over".formatted(interval.word()),
                    used);
        }
        Set<Long> complete =
                slots(points, first, last, interval, copy -> elsewhere.test(copy) && copy.state() != Copy.State.TAKEN);
        Set<Long> taken = slots(points, first, last, interval, elsewhere);
        List<Long> missed = without(first, last, taken);
        if (!missed.isEmpty()) {
            return opinion(
                    Verdict.BREACHED,
                    observed,
                    "%s has no copy%s for %s".formatted(resource.member(), where(objective), named(missed, interval)),
                    "find out why no backup was taken, and take one now",
                    used);
        }
        List<Long> onlyTaken = without(first, last, complete);
        if (!onlyTaken.isEmpty()) {
            return opinion(
                    Verdict.UNKNOWN,
                    observed,
                    "%s has copies for %s that nobody found complete"
                            .formatted(resource.member(), named(onlyTaken, interval)),
                    "have the copies hashed where they are kept, so that they count as COMPLETE",
                    used);
        }
        return opinion(
                Verdict.MET,
                observed,
                "%s has a complete copy%s for each of %s"
                        .formatted(
                                resource.member(), where(objective), InWords.count(last - first + 1, interval.word())),
                "nothing",
                used);
    }

    private static String where(Every objective) {
        return objective.elsewhere().isEmpty()
                ? ""
                : " in another "
                        + objective.elsewhere().stream()
                                .map(Factor::inProse)
                                .sorted()
                                .collect(Collectors.joining(" and another "));
    }

    private static Set<Long> slots(
            List<RestorePoint> points, long first, long last, Interval interval, Predicate<Copy> counts) {
        Set<Long> slots = new TreeSet<>();
        points.stream()
                .filter(point -> point.copies().stream().anyMatch(counts))
                .forEach(point -> LongStream.rangeClosed(
                                Math.max(first, slot(point.earliest(), interval)),
                                Math.min(last, slot(point.latest(), interval)))
                        .forEach(slots::add));
        return slots;
    }

    private static List<Long> without(long first, long last, Set<Long> covered) {
        return LongStream.rangeClosed(first, last)
                .filter(slot -> !covered.contains(slot))
                .boxed()
                .toList();
    }

    private static long slot(Instant moment, Interval interval) {
        return Math.floorDiv(
                moment.getEpochSecond() + offset(interval), interval.length().toSeconds());
    }

    private static long offset(Interval interval) {
        return interval == Interval.WEEK ? MONDAY_OFFSET_SECONDS : 0;
    }

    /** The first three by name, then how many more. */
    private static String named(List<Long> slots, Interval interval) {
        List<String> names = new ArrayList<>();
        slots.stream().limit(3).forEach(slot -> names.add(name(slot, interval)));
        String more = slots.size() > 3 ? " and %d more".formatted(slots.size() - 3) : "";
        return "the %s of %s%s".formatted(interval.word(), String.join(", ", names), more);
    }

    private static String name(long slot, Interval interval) {
        String begin = Instant.ofEpochSecond(slot * interval.length().toSeconds() - offset(interval))
                .toString();
        return interval == Interval.HOUR ? begin : begin.substring(0, "2026-11-23".length());
    }

    private static Opinion opinion(
            Verdict verdict, String observed, String reason, String nextStep, List<Known<?>> used) {
        return new Opinion(verdict, observed, List.of(reason), nextStep, used);
    }
}
