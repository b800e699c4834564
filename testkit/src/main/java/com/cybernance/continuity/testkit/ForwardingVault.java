package com.cybernance.continuity.testkit;

import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Another vault, of which a test changes or spoils what it overrides. As thread-safe as that vault. */
public class ForwardingVault implements Vault {
    private final Vault vault;

    /** Forwards every call to a vault, failures included. */
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
