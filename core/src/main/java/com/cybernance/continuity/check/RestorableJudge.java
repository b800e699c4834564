package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Restorable;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether a drill restored, and compared what it restored, recently enough. What a drill could not check it did not show:
 * such a drill neither passes nor fails. Each copy that was tried within the age is a member of its own and judged by its
 * own last drill, so that no copy's success hides another one's failure. A copy that was never tried counts for nothing.
 */
final class RestorableJudge implements Judge<Restorable> {
    private static final String WANTED =
            "a drill: an approved restore of a chosen moment into an empty place, which a Verifier compares";

    @Override
    public Opinion judge(Restorable objective, Question question) {
        Subject subject = question.subject();
        if (subject.targets().isEmpty()) {
            return question.cannotSee(Facet.RESTORE_POINTS, WANTED);
        }
        Drilled drilled = subject.drilled();
        if (drilled.unread().isPresent()) {
            return Opinion.unknown(drilled.unread().get(), "a log of drills that can be read, and in it " + WANTED);
        }
        if (drilled.age().compareTo(question.clause().evidenceAge()) > 0) {
            return Opinion.unknown(
                    "the log of drills was read %s ago, at most %s is allowed"
                            .formatted(
                                    InWords.about(drilled.age()),
                                    InWords.about(question.clause().evidenceAge())),
                    "look again");
        }
        List<DrillRecord> ours = drilled.records().stream()
                .filter(each -> subject.targets().contains(each.resource().target()))
                .toList();
        Set<ResourceId> resources = new TreeSet<>(Comparator.comparing(ResourceId::toString));
        ours.forEach(each -> resources.add(each.resource()));
        for (Seen<RestorePoint> seen : question.seen(Facet.RESTORE_POINTS)) {
            seen.facts().forEach(point -> resources.add(point.resource()));
            resources.addAll(seen.known().missed());
        }
        if (resources.isEmpty()) {
            return Opinion.unknown("no drill was ever run", WANTED);
        }
        return Opinion.worst(
                resources.stream()
                        .map(each -> resource(each, ours, objective, question.now()))
                        .toList(),
                "resource");
    }

    private static Opinion resource(ResourceId resource, List<DrillRecord> all, Restorable objective, Instant now) {
        List<DrillRecord> drills = all.stream()
                .filter(each -> each.resource().equals(resource))
                .sorted(Comparator.comparing(DrillRecord::ended))
                .toList();
        String observed = "%s of %s".formatted(InWords.count(drills.size(), "drill"), resource.member());
        Optional<DrillRecord> ahead = drills.stream()
                .filter(each -> each.ended().isAfter(now.plus(Exposures.CLOCK_SLACK)))
                .findFirst();
        if (ahead.isPresent()) {
            return new Opinion(
                    Verdict.UNKNOWN,
                    observed,
                    List.of("drill %s ended at %s, which is ahead of the clock here: nobody can tell how old it is"
                            .formatted(ahead.get().run(), time(ahead.get().ended()))),
                    "set the clock right, then look again",
                    List.of());
        }
        List<DrillRecord> telling =
                drills.stream().filter(each -> each.passed() || failed(each)).toList();
        if (telling.isEmpty()) {
            return new Opinion(
                    Verdict.UNKNOWN,
                    observed,
                    List.of(
                            drills.isEmpty()
                                    ? "no drill of %s was ever run".formatted(resource.member())
                                    : "no drill of %s came to a result: %s"
                                            .formatted(resource.member(), unfinished(drills.get(drills.size() - 1)))),
                    WANTED,
                    List.of());
        }
        Map<String, DrillRecord> lastOf = new TreeMap<>();
        telling.forEach(each -> lastOf.put(each.copy(), each));
        List<DrillRecord> young = lastOf.values().stream()
                .filter(each -> isYoung(each, objective, now))
                .toList();
        List<DrillRecord> failing =
                young.stream().filter(each -> !each.passed()).toList();
        List<DrillRecord> well = young.stream().filter(DrillRecord::passed).toList();
        DrillRecord last = telling.get(telling.size() - 1);
        if (!failing.isEmpty()) {
            return breached(observed, failing, well);
        }
        if (well.isEmpty()) {
            return last.passed() ? tooOld(observed, last, objective, now) : breached(observed, List.of(last), well);
        }
        List<DrillRecord> passed = telling.stream()
                .filter(each -> each.passed() && isYoung(each, objective, now))
                .toList();
        Optional<DrillRecord> forgotten = lastOf.values().stream()
                .filter(each -> !each.passed() && !isYoung(each, objective, now))
                .findFirst();
        return met(observed, passed, forgotten, drills.get(drills.size() - 1));
    }

    private static boolean isYoung(DrillRecord drill, Restorable objective, Instant now) {
        return Duration.between(drill.ended(), now).compareTo(objective.drillAge()) <= 0;
    }

    private static Opinion tooOld(String observed, DrillRecord last, Restorable objective, Instant now) {
        return new Opinion(
                Verdict.UNKNOWN,
                observed,
                List.of("the last drill of %s that passed is %s old, at most %s is allowed"
                        .formatted(
                                last.resource().member(),
                                InWords.about(Duration.between(last.ended(), now)),
                                InWords.duration(objective.drillAge()))),
                WANTED,
                List.of());
    }

    /** A copy that failed is promised to nobody as a spare; that another one is well says only where to restore from. */
    private static Opinion breached(String observed, List<DrillRecord> failing, List<DrillRecord> well) {
        List<String> reasons = new ArrayList<>();
        failing.forEach(each -> reasons.add("the last drill of %s from copy %s (%s, ended %s) failed: %s"
                .formatted(each.resource().member(), each.copy(), each.run(), time(each.ended()), why(each))));
        well.forEach(each -> reasons.add("the last drill from copy %s (%s, ended %s) passed: restore from that one"
                .formatted(each.copy(), each.run(), time(each.ended()))));
        return new Opinion(
                Verdict.BREACHED,
                observed,
                reasons,
                "mend what the drill found, and run another one from copy %s"
                        .formatted(failing.get(0).copy()),
                List.of());
    }

    private static Opinion met(
            String observed, List<DrillRecord> passed, Optional<DrillRecord> forgotten, DrillRecord newest) {
        DrillRecord last = passed.get(passed.size() - 1);
        List<String> reasons = new ArrayList<>();
        reasons.add("drill %s restored %s to %s from copy %s and found everything: %s"
                .formatted(
                        last.run(),
                        last.resource().member(),
                        last.asked(),
                        last.copy(),
                        String.join(
                                ", ",
                                last.comparison().checks().stream()
                                        .map(Comparison.Check::name)
                                        .toList())));
        reasons.add("recovery point actual (RPA): " + Spread.of(points(passed), "passed drill"));
        reasons.add("recovery time actual (RTA): "
                + Spread.of(passed.stream().flatMap(each -> each.rta().stream()).toList(), "passed drill"));
        forgotten.ifPresent(
                each -> reasons.add("the last drill from copy %s (%s, ended %s) failed, too long ago to tell"
                        .formatted(each.copy(), each.run(), time(each.ended()))));
        if (!newest.passed() && !failed(newest)) {
            reasons.add("a newer drill came to no result: " + unfinished(newest));
        }
        return new Opinion(Verdict.MET, observed, reasons, "nothing", List.of());
    }

    /** How far before the moment that was asked for each drill ended; where none was, before the drill began. */
    private static List<Duration> points(List<DrillRecord> drills) {
        return drills.stream()
                .flatMap(each -> each.comparison().reached().stream()
                        .map(reached ->
                                Duration.between(reached, each.askedMoment().orElse(each.started()))))
                .map(each -> each.isNegative() ? Duration.ZERO : each)
                .toList();
    }

    private static boolean failed(DrillRecord drill) {
        return drill.failure().isPresent()
                || drill.comparison().checks().stream().anyMatch(each -> each.outcome() == Comparison.Outcome.FAILED);
    }

    private static String why(DrillRecord drill) {
        return drill.failure().orElseGet(() -> drill.comparison().checks().stream()
                .filter(each -> each.outcome() == Comparison.Outcome.FAILED)
                .map(each -> "%s: %s".formatted(each.name(), each.detail()))
                .reduce((one, other) -> one + "; " + other)
                .orElse("for a reason that it does not tell"));
    }

    private static String unfinished(DrillRecord drill) {
        List<String> open = drill.comparison().checks().stream()
                .filter(each -> each.outcome() == Comparison.Outcome.COULD_NOT_RUN)
                .map(each -> "%s could not run: %s".formatted(each.name(), each.detail()))
                .toList();
        return open.isEmpty() ? "%s compared nothing".formatted(drill.run()) : String.join("; ", open);
    }

    private static Instant time(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
