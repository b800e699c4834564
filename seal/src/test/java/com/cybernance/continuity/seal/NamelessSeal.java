package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Broken on purpose: seals every object under one and the same name, so that names are bound to nothing. */
final class NamelessSeal implements Vault {
    private static final String ONE_NAME = "x";

    private final Vault vault;
    private final KeyRing keys;

    NamelessSeal(Vault vault, KeyRing keys) {
        this.vault = vault;
        this.keys = keys;
    }

    private Vault sealing(String object) {
        return SealedVault.around(new Renaming(vault, object), keys);
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        return sealing(object).create(ONE_NAME);
    }

    @Override
    public InputStream open(String object) {
        return sealing(object).open(ONE_NAME);
    }

    @Override
    public Optional<Stored> find(String object) {
        return sealing(object).find(ONE_NAME);
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        throw new UnsupportedOperationException();
    }

    /** The vault in which {@code x} is the object. */
    private static final class Renaming extends ForwardingVault {
        private final String object;

        Renaming(Vault vault, String object) {
            super(vault);
            this.object = object;
        }

        private String real(String name) {
            return name.equals(ONE_NAME) ? object : name;
        }

        @Override
        public Draft create(String name) {
            return super.create(real(name));
        }

        @Override
        public InputStream open(String name) {
            return super.open(real(name));
        }

        @Override
        public Optional<Stored> find(String name) {
            return super.find(real(name)).map(found -> new Stored(name, found.size(), found.sha256(), found.since()));
        }
    }
}
