package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.policy.Rpo;
import com.cybernance.continuity.spi.Facet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a disaster would have cost no more than was promised, in so many of the looks of a period. Only complete copies
 * count, and a configuration never does: something committed since must have been found in a copy within the evidence
 * age, or nobody knows whether anything still arrives.
 */
final class RpoJudge implements Judge<Rpo> {
    @Override
    public Opinion judge(Rpo objective, Question question) {
        List<Seen<RestorePoint>> seen = question.seen(Facet.RESTORE_POINTS);
        if (seen.isEmpty()) {
            return question.cannotSee(
                    Facet.RESTORE_POINTS, "that something committed after the previous look became restorable");
        }
        Optional<Elsewhere> elsewhere = Elsewhere.of(objective.elsewhere(), question);
        if (elsewhere.isEmpty()) {
            return Elsewhere.unknown(
                    question, List.copyOf(seen.stream().map(Seen::known).toList()));
        }
        return Opinion.worst(
                seen.stream()
                        .flatMap(each -> target(objective, question, elsewhere.get(), each).stream())
                        .toList(),
                "resource");
    }

    private static List<Opinion> target(
            Rpo objective, Question question, Elsewhere elsewhere, Seen<RestorePoint> seen) {
        PointHistory history = question.subject().history(seen.known().target());
        Set<ResourceId> resources = new TreeSet<>(Comparator.comparing(ResourceId::toString));
        resources.addAll(history.resources());
        seen.facts().forEach(point -> resources.add(point.resource()));
        if (resources.isEmpty()) {
            boolean nothing = seen.all(history.scopes());
            return List.of(new Opinion(
                    nothing ? Verdict.BREACHED : Verdict.UNKNOWN,
                    "no restore point",
                    List.of(
                            nothing
                                    ? "%s has no restore point at all"
                                            .formatted(seen.known().target())
                                    : seen.notAll(history.scopes())),
                    nothing ? "take a backup now" : "mend what hides the restore points, then look again",
                    List.of(seen.known())));
        }
        return resources.stream()
                .map(each -> new RpoCase(
                                objective,
                                question,
                                elsewhere,
                                seen,
                                history.scopes(),
                                each,
                                Exposures.of(history, each, elsewhere::survives, objective.within()))
                        .opinion())
                .toList();
    }
}
