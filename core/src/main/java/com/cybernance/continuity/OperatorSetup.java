package com.cybernance.continuity;

import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.restore.RestorePlan;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.Verifier;
import java.time.Duration;
import java.util.Map;

/**
 * What an operator was handed, checked.
 *
 * @param takers by subject
 * @param vaults by name
 * @param restores by subject; a target belongs to one of them, so that a {@link RestorePlan} names its restorer
 */
record OperatorSetup(
        Map<String, BackupTaker> takers,
        Map<String, Vault> vaults,
        Map<String, Restores> restores,
        Duration lookWithin) {
    OperatorSetup {
        takers = Map.copyOf(takers);
        vaults = Map.copyOf(vaults);
        restores = Map.copyOf(restores);
    }

    /** How one subject is restored, and where its restore points are seen. */
    record Restores(Map<TargetId, BackupTarget> targets, Restorer restorer, Verifier verifier) {
        Restores {
            targets = Map.copyOf(targets);
        }
    }
}
