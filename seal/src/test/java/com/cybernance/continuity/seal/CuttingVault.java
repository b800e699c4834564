package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Another vault, to which the line is cut at one chosen call, before or after the call had its effect, and stays cut.
 * Writes are cut in their middle.
 */
final class CuttingVault implements Vault {
    /** Where in the call the line is cut. */
    enum When {
        BEFORE,
        AFTER
    }

    private final Vault vault;
    private final int cutAt;
    private final When when;
    private int calls;

    /**
     * @param cutAt the number of the call, from 1; 0 for none
     */
    CuttingVault(Vault vault, int cutAt, When when) {
        this.vault = vault;
        this.cutAt = cutAt;
        this.when = when;
    }

    int calls() {
        return calls;
    }

    /** What a call does. */
    private interface Act<T> {
        T run() throws IOException;
    }

    private <T> T call(String what, Act<T> act) throws IOException {
        calls++;
        boolean now = calls == cutAt;
        if (cutAt > 0 && (calls > cutAt || (now && when == When.BEFORE))) {
            throw cut(what);
        }
        T result = act.run();
        if (now) {
            throw cut(what);
        }
        return result;
    }

    private <T> T callQuietly(String what, Act<T> act) {
        try {
            return call(what, act);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ContinuityException cut(String what) {
        return new ContinuityException(FailureKind.UNREACHABLE, "cut at call " + cutAt + " (" + what + ")", "mend it");
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        Draft draft = callQuietly("create", () -> vault.create(object));
        return new Draft() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (calls + 1 == cutAt && when == When.AFTER) {
                    draft.write(bytes, offset, length / 2);
                    calls++;
                    throw cut("write");
                }
                call("write", () -> {
                    draft.write(bytes, offset, length);
                    return length;
                });
            }

            @Override
            public Stored commit() {
                return callQuietly("commit", draft::commit);
            }

            @Override
            public void close() {
                draft.close();
            }
        };
    }

    @Override
    public InputStream open(String object) {
        return new FilterInputStream(callQuietly("open", () -> vault.open(object))) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return call("read", () -> in.read(into, offset, length));
            }
        };
    }

    @Override
    public Optional<Stored> find(String object) {
        return callQuietly("find", () -> vault.find(object));
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        callQuietly("list", () -> {
            vault.list(prefix, each);
            return prefix;
        });
    }
}
