package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import java.util.List;

/**
 * Every acknowledged commit is already durable on a replica in another place.
 *
 * @param apartIn the factor in which the replica must differ from the primary
 */
public record SynchronousReplica(Factor apartIn) implements Objective {
    @Override
    public String word() {
        return "synchronous-replica";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        SynchronousReplica old = (SynchronousReplica) before;
        return old.apartIn == apartIn
                ? List.of()
                : List.of("the replica was apart in %s, now in %s".formatted(old.apartIn.word(), apartIn.word()));
    }

    @Override
    public String toString() {
        return "every acknowledged commit is already durable on a replica in another " + apartIn.inProse();
    }
}
