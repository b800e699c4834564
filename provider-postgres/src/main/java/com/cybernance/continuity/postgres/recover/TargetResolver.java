package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.spi.RestoreRequest;

/** Finds the last commit record that is wanted. One seam: it alone reads the log's records. */
@FunctionalInterface
interface TargetResolver {
    /**
     * Where a recovery from this backup, along the timeline of the request's restore point, stops. The end may lie before
     * that timeline begins.
     *
     * @throws Rotten when a piece of the log cannot be used; without it another one may hold the same
     * @throws com.cybernance.continuity.facts.ContinuityException of kind {@code NOT_FOUND} when this vault and this
     *     backup do not reach it, saying what they reach
     */
    Target resolve(VaultedCluster vaulted, BackupRecord backup, RestoreRequest request);
}
