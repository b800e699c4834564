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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a drill restored, and compared what it restored, recently enough. What a drill could not check it did not show:
 * such a drill neither passes nor fails.
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
        DrillRecord last = telling.get(telling.size() - 1);
        if (!last.passed()) {
            return new Opinion(
                    Verdict.BREACHED,
                    observed,
                    List.of("the last drill of %s (%s, ended %s) failed: %s"
                            .formatted(resource.member(), last.run(), time(last.ended()), why(last))),
                    "mend what the drill found, and run another one",
                    List.of());
        }
        List<DrillRecord> passed = telling.stream()
                .filter(DrillRecord::passed)
                .filter(each -> Duration.between(each.ended(), now).compareTo(objective.drillAge()) <= 0)
                .toList();
        return passed.isEmpty()
                ? new Opinion(
                        Verdict.UNKNOWN,
                        observed,
                        List.of("the last drill of %s that passed is %s old, at most %s is allowed"
                                .formatted(
                                        resource.member(),
                                        InWords.about(Duration.between(last.ended(), now)),
                                        InWords.duration(objective.drillAge()))),
                        WANTED,
                        List.of())
                : met(observed, last, passed, drills.get(drills.size() - 1));
    }

    private static Opinion met(String observed, DrillRecord last, List<DrillRecord> passed, DrillRecord newest) {
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
        if (!newest.passed()) {
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
