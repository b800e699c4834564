package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Broken on purpose: takes a fault for the end of the content. */
final class QuietSeal implements Vault {
    private final Vault vault;

    QuietSeal(Vault vault, KeyRing keys) {
        this.vault = SealedVault.around(vault, keys);
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        return vault.create(object);
    }

    @Override
    public InputStream open(String object) {
        return new FilterInputStream(vault.open(object)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                try {
                    return super.read(into, offset, length);
                } catch (ContinuityException e) {
                    return -1;
                }
            }
        };
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
