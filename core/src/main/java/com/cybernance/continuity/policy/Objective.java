package com.cybernance.continuity.policy;

import java.util.List;

/**
 * The measurable form of a promise. {@code toString} is a sentence that the owner of a policy would sign.
 *
 * <p>Implementations are records: values without behaviour towards the world.
 */
public interface Objective {
    /** The word that policy files use, for example {@code synchronous-replica}. */
    String word();

    /**
     * What this objective promises less than an earlier one of the same kind did, in words; empty when nothing.
     *
     * @param before an objective of the same class
     */
    List<String> weakerThan(Objective before);
}
