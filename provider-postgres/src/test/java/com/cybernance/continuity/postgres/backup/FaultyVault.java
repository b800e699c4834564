package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A vault one of whose calls fails, as on a full disk. A call that fails has done its work half: what it wrote may be there. */
final class FaultyVault implements Vault {
    private final Vault vault;
    private final AtomicInteger calls = new AtomicInteger();
    private final int failing;

    /** @param failing which call fails, from 1; 0 for none */
    FaultyVault(Vault vault, int failing) {
        this.vault = vault;
        this.failing = failing;
    }

    int calls() {
        return calls.get();
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        call("create", object);
        Draft draft = vault.create(object);
        return new Draft() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (fails()) {
                    draft.write(bytes, offset, length / 2);
                    throw new IOException("No space left on device");
                }
                draft.write(bytes, offset, length);
            }

            @Override
            public Stored commit() {
                call("commit", object);
                return draft.commit();
            }

            @Override
            public void close() {
                draft.close();
            }
        };
    }

    @Override
    public InputStream open(String object) {
        call("open", object);
        return vault.open(object);
    }

    @Override
    public Optional<Stored> find(String object) {
        call("find", object);
        return vault.find(object);
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        call("list", prefix);
        vault.list(prefix, each);
    }

    private boolean fails() {
        return calls.incrementAndGet() == failing;
    }

    private void call(String what, String object) {
        if (fails()) {
            throw new ContinuityException(
                    FailureKind.UNEXPECTED,
                    "vault %s: %s of %s failed: No space left on device".formatted(name(), what, object),
                    "free some space");
        }
    }
}
