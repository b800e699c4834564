package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A vault of which each reading call, also of its streams, is told before it is made, so that it can be refused. */
final class WatchedVault implements Vault {
    private final Vault vault;
    private final Consumer<String> before;

    /** @param before takes what is about to be done, as {@code open pg/1/a}; throws what the vault shall throw */
    WatchedVault(Vault vault, Consumer<String> before) {
        this.vault = vault;
        this.before = before;
    }

    /**
     * One that fails once.
     *
     * @param calls what the calls begin with that count; {@code ""} for all
     * @param at how many of them work before
     * @param met takes the call that was refused
     */
    static WatchedVault cutOff(Vault vault, String calls, int at, List<String> met) {
        AtomicInteger left = new AtomicInteger(at);
        return new WatchedVault(vault, call -> {
            if (call.startsWith(calls) && left.getAndDecrement() == 0) {
                met.add(call);
                throw new ContinuityException(FailureKind.UNREACHABLE, "the vault was cut off at " + call, "none");
            }
        });
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        throw new AssertionError("a restore writes nothing into a vault, and began " + object);
    }

    @Override
    public InputStream open(String object) {
        before.accept("open " + object);
        return new FilterInputStream(vault.open(object)) {
            @Override
            public int read() throws IOException {
                before.accept("read " + object);
                return in.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                before.accept("read " + object);
                return in.read(into, offset, length);
            }

            @Override
            public void close() throws IOException {
                before.accept("close " + object);
                in.close();
            }
        };
    }

    @Override
    public Optional<Stored> find(String object) {
        before.accept("find " + object);
        return vault.find(object);
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        before.accept("list " + prefix);
        vault.list(prefix, stored -> {
            before.accept("list up to " + stored.name());
            each.accept(stored);
        });
    }
}
