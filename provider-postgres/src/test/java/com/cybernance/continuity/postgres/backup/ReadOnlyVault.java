package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** A vault as it is for whoever has no right to write. */
record ReadOnlyVault(Vault vault) implements Vault {
    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        throw new ContinuityException(FailureKind.DENIED, "no right to write " + object, "grant it");
    }

    @Override
    public InputStream open(String object) {
        return vault.open(object);
    }

    @Override
    public Optional<Stored> find(String object) {
        return vault.find(object);
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        vault.list(prefix, each);
    }
}
