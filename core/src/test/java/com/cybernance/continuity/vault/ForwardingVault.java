package com.cybernance.continuity.vault;

import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Another vault, of which a test spoils a method. */
public class ForwardingVault implements Vault {
    private final Vault vault;

    public ForwardingVault(Vault vault) {
        this.vault = vault;
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
