package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Attested.Uptime;
import java.util.ArrayList;
import java.util.List;

/**
 * What a policy contradicts by itself, before anything is observed. Such a policy can be read and judged: the document
 * may really say both.
 */
public final class Contradictions {
    private Contradictions() {}

    /** All contradictions, in the order of the clauses. */
    public static List<Contradiction> in(Policy policy) {
        List<Contradiction> found = new ArrayList<>();
        List<Clause> clauses = policy.clauses();
        for (int i = 0; i < clauses.size(); i++) {
            uptime(clauses.get(i), found);
            for (Clause other : clauses.subList(i + 1, clauses.size())) {
                everyAndSome(clauses.get(i), other, found);
            }
        }
        return List.copyOf(found);
    }

    /** An availability that one ordinary outage already spends. */
    private static void uptime(Clause clause, List<Contradiction> found) {
        if (clause.objective() instanceof Attested attested) {
            attested.uptime()
                    .filter(Uptime::contradicted)
                    .ifPresent(claimed -> found.add(new Contradiction(List.of(clause.id()), arithmetic(claimed))));
        }
    }

    private static String arithmetic(Uptime claimed) {
        return "%s over %s allows %s without an answer, but one ordinary outage takes %s"
                .formatted(
                        InWords.share(claimed.share()),
                        InWords.duration(claimed.over()),
                        InWords.duration(claimed.allowed()),
                        InWords.duration(claimed.oneOutage()));
    }

    /** The same limit for every sample and, elsewhere, only for some. */
    private static void everyAndSome(Clause one, Clause other, List<Contradiction> found) {
        if (one.subject().equals(other.subject())
                && one.objective() instanceof Rpo first
                && other.objective() instanceof Rpo second
                && first.within().equals(second.within())
                && first.everySample() != second.everySample()) {
            found.add(first.everySample() ? everyAndSome(one, other, second) : everyAndSome(other, one, first));
        }
    }

    private static Contradiction everyAndSome(Clause every, Clause some, Rpo share) {
        return new Contradiction(
                List.of(every.id(), some.id()),
                "the limit of %s for %s holds for every sample in %s, but only for %s of the samples in %s"
                        .formatted(
                                InWords.duration(share.within()),
                                every.subject(),
                                every.id(),
                                InWords.share(share.share()),
                                some.id()));
    }
}
