package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A vault one of whose calls fails, as on a full disk: before its work, half way in a write, or when it is done. */
final class FaultyVault implements Vault {
    private final Vault vault;
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final int failing;
    private final boolean whenDone;

    /** @param failing which call fails, from 1; 0 for none */
    FaultyVault(Vault vault, int failing) {
        this(vault, failing, false);
    }

    /** @param whenDone whether the call does all of its work before it fails */
    FaultyVault(Vault vault, int failing, boolean whenDone) {
        this.vault = vault;
        this.failing = failing;
        this.whenDone = whenDone;
    }

    /** What was called, in order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        Draft draft = call("create", object, () -> vault.create(object));
        return new Draft() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (fails("write " + object)) {
                    draft.write(bytes, offset, whenDone ? length : length / 2);
                    throw new IOException("No space left on device");
                }
                draft.write(bytes, offset, length);
            }

            @Override
            public Stored commit() {
                return call("commit", object, draft::commit);
            }

            @Override
            public void close() {
                draft.close();
            }
        };
    }

    @Override
    public InputStream open(String object) {
        return call("open", object, () -> vault.open(object));
    }

    @Override
    public Optional<Stored> find(String object) {
        return call("find", object, () -> vault.find(object));
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        call("list", prefix, () -> {
            vault.list(prefix, each);
            return true;
        });
    }

    private synchronized boolean fails(String what) {
        calls.add(what);
        return calls.size() == failing;
    }

    private <T> T call(String what, String object, Supplier<T> work) {
        if (!fails(what + " " + object)) {
            return work.get();
        }
        if (whenDone) {
            try {
                T done = work.get();
                if (done instanceof Draft draft) {
                    draft.close();
                }
            } catch (ContinuityException answer) {
                // A refusal too is an answer that is lost.
            }
        }
        throw new ContinuityException(
                FailureKind.UNEXPECTED,
                "vault %s: %s of %s failed: No space left on device".formatted(name(), what, object),
                "free some space");
    }
}
