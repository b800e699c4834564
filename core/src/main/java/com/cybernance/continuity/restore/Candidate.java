package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A restore point in one of its copies.
 *
 * @param point the restore point
 * @param copy the copy
 * @param canonical tells restore points apart that have the same id
 */
record Candidate(RestorePoint point, Copy copy, String canonical) {
    /** What joins the ids of keys of which any one is enough; ids of keys hold no spaces. */
    private static final String OR = " or ";

    /**
     * The best first: the newest base, the most grown-up copy, then the last by the restore point's id, because ids that
     * begin with a time then tell the newer base where windows begin together, as they do where a lineage forks.
     */
    static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(
                    (Candidate each) -> each.point().earliest(), Comparator.reverseOrder())
            .thenComparing(each -> each.copy().state(), Comparator.reverseOrder())
            .thenComparing(each -> each.point().id(), Comparator.reverseOrder())
            .thenComparing(each -> each.copy().id())
            .thenComparing(Candidate::canonical);

    boolean reaches(Instant moment) {
        return !moment.isBefore(point.earliest()) && !moment.isAfter(point.latest());
    }

    RestoreRequest request(RestoreGoal goal, RecoverTo to) {
        return new RestoreRequest(point, copy.id(), to, goal.destination());
    }

    Rejected rejected(List<String> why) {
        return new Rejected(point.id(), copy.id(), why);
    }

    /** Every reason why the goal does not let it be used, whatever the moment; empty when it may be. */
    List<String> against(RestoreGoal goal) {
        List<String> against = new ArrayList<>();
        goal.lineage()
                .filter(only -> !only.equals(point.lineage()))
                .ifPresent(only ->
                        against.add("it is of lineage %s, and %s was asked for".formatted(point.lineage(), only)));
        for (Lost lost : goal.lost()) {
            if (lost.takes(copy)) {
                against.add("%s is lost, and the copy has %s"
                        .formatted(lost, copy.place().describe(lost.factor())));
            }
        }
        for (Requirement needed : point.requires()) {
            if (needed.kind() == Requirement.Kind.KEY
                    && Arrays.stream(needed.name().split(OR))
                            .noneMatch(key -> goal.keys().contains(key))) {
                against.add("it needs the key %s, and at hand is %s"
                        .formatted(needed.name(), goal.keys().isEmpty() ? "none" : String.join(", ", goal.keys())));
            }
        }
        if (copy.state().compareTo(goal.least()) < 0) {
            against.add("the copy is %s since %s, and at least %s was asked for"
                    .formatted(copy.state(), copy.since(), goal.least()));
        }
        if (point.copies().stream().filter(each -> each.id().equals(copy.id())).count() > 1) {
            against.add("the restore point has several copies of this id");
        }
        return against;
    }

    /** Why it does not reach the moment, which it does not. */
    String misses(Instant moment) {
        return moment.isBefore(point.earliest())
                ? "it begins at %s, %s later"
                        .formatted(point.earliest(), InWords.duration(Duration.between(moment, point.earliest())))
                : "it ends at %s, %s earlier"
                        .formatted(point.latest(), InWords.duration(Duration.between(point.latest(), moment)));
    }

    /** Why the other one was chosen, which comes before this in {@link #BEST_FIRST}. */
    String behind(Candidate chosen) {
        if (point.earliest().isBefore(chosen.point.earliest())) {
            return "its base is older by %s, which would have to be replayed"
                    .formatted(InWords.duration(Duration.between(point.earliest(), chosen.point.earliest())));
        }
        if (copy.state() != chosen.copy.state()) {
            return "the copy is %s, and the chosen one is %s".formatted(copy.state(), chosen.copy.state());
        }
        return "it is as good as the chosen one, which comes before it by the order of ids";
    }
}
