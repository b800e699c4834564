package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;

/** A vault as it is for whoever has no right to write. */
final class ReadOnlyVault extends ForwardingVault {
    ReadOnlyVault(Vault vault) {
        super(vault);
    }

    @Override
    public Draft create(String object) {
        throw new ContinuityException(FailureKind.DENIED, "no right to write " + object, "grant it");
    }
}
