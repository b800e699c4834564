package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.spi.RecoverTo;

/** Finds the last commit record that is wanted. One seam: it alone reads the log's records. */
@FunctionalInterface
interface TargetResolver {
    /**
     * Where a recovery from this backup to that end stops.
     *
     * @param timeline the timeline whose history is followed; the end may lie before it begins
     * @throws com.cybernance.continuity.facts.ContinuityException of kind {@code NOT_FOUND} when this vault and this
     *     backup do not reach it, saying what they reach
     */
    Target resolve(VaultedCluster vaulted, BackupRecord backup, int timeline, RecoverTo to);
}
