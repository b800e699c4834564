package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Attested;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Contradictions;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.Waiver;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds what was seen against what was promised. Pure: the same arguments give the same report. */
public final class Checker {
    private Checker() {}

    /**
     * Judges every clause.
     *
     * @param subjects what is known about each subject; one that is missing counts as bound to nothing
     * @param now the moment of the judgement; days are counted in UTC
     * @throws IllegalArgumentException for a policy with scaled periods in an estate that is no rehearsal
     */
    public static Report judge(Policy policy, Estate estate, Map<String, Subject> subjects, Instant now) {
        if (policy.periodScale().isPresent() && estate.kind() != Estate.Kind.REHEARSAL) {
            throw new IllegalArgumentException(
                    "policy %s has scaled periods, which hold in a rehearsal alone, not in %s"
                            .formatted(policy.name(), estate));
        }
        int periodScale = policy.periodScale().orElse(1);
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        List<Finding> findings = policy.clauses().stream()
                .map(clause -> {
                    Subject subject = subjects.getOrDefault(clause.subject(), Subject.unbound(clause.subject()));
                    Opinion opinion = opinion(new Question(clause, subject, estate, now, periodScale));
                    return finding(clause, opinion, waiver(policy, clause, today));
                })
                .toList();
        return new Report(
                estate,
                policy.name(),
                policy.digest(),
                policy.periodScale(),
                now,
                findings,
                Contradictions.in(policy),
                List.of());
    }

    private static Opinion opinion(Question question) {
        Clause clause = question.clause();
        boolean arithmeticOnly = clause.objective() instanceof Attested;
        return clause.vendor().isPresent() && !arithmeticOnly
                ? onlyTheVendor(clause.vendor().get(), question.estate())
                : Judges.judge(clause.objective(), question);
    }

    /** What a vendor does inside can only be told by that vendor; an effect that we measure never answers for it. */
    private static Opinion onlyTheVendor(String vendor, Estate estate) {
        String where = estate.kind() == Estate.Kind.REHEARSAL ? ", and this estate is a rehearsal" : "";
        return Opinion.unknown(
                "only the API of %s can judge this clause%s".formatted(vendor, where),
                "a target that asks the API of %s, in the production estate".formatted(vendor));
    }

    private static Optional<Waiver> waiver(Policy policy, Clause clause, LocalDate today) {
        return policy.waivers().stream()
                .filter(each -> each.clause().equals(clause.id()) && each.inForceOn(today))
                .findFirst();
    }

    private static Finding finding(Clause clause, Opinion opinion, Optional<Waiver> waiver) {
        List<Evidence> evidence = opinion.used().stream().map(Evidence::of).toList();
        Optional<Instant> observedAt =
                evidence.stream().flatMap(each -> each.observedAt().stream()).min(Instant::compareTo);
        return new Finding(
                clause,
                opinion.verdict(),
                opinion.observed(),
                opinion.reasons(),
                opinion.nextStep(),
                evidence,
                observedAt,
                waiver);
    }
}
