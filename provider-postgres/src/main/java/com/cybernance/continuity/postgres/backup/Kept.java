package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;

/**
 * Whether an object is in a vault for good. That it is listed does not say so: whoever wrote it may have died a moment
 * before it was durable. Only the vault's refusal of its name does.
 */
public final class Kept {
    private Kept() {}

    /** False when there is no such object; whatever else goes wrong is thrown. */
    public static boolean surely(Vault vault, String object) {
        try {
            vault.create(object).close();
            return false;
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.CONFLICT) {
                return true;
            }
            throw e;
        }
    }
}
