package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * A vault in memory that keeps its contract and no more: an object whose writer died while it was committed may be seen
 * and be gone after the power was, unless a commit returned or its name was refused. Calls can be cut. Thread-safe, as its drafts are not.
 */
final class MortalVault implements Vault {
    private final NavigableMap<String, byte[]> seen;
    private final Set<String> durable;
    private final Cut cut;
    private final boolean lying;

    /** @param lying whether to refuse a name says nothing of what is there: a planted bug */
    MortalVault(Cut cut, boolean lying) {
        this(new ConcurrentSkipListMap<>(), new ConcurrentSkipListSet<>(), cut, lying);
    }

    private MortalVault(NavigableMap<String, byte[]> seen, Set<String> durable, Cut cut, boolean lying) {
        this.seen = seen;
        this.durable = durable;
        this.cut = cut;
        this.lying = lying;
    }

    /** The same vault for another process. */
    MortalVault reopened(Cut next) {
        return new MortalVault(seen, durable, next, lying);
    }

    void losePower() {
        seen.keySet().retainAll(durable);
    }

    /** Copies the base backups of another vault, without the log. */
    void takeBase(Vault other) throws IOException {
        List<String> names = new ArrayList<>();
        other.list("", stored -> names.add(stored.name()));
        for (String each : names) {
            if (each.contains("/base/")) {
                try (InputStream in = other.open(each)) {
                    seen.put(each, in.readAllBytes());
                    durable.add(each);
                }
            }
        }
    }

    @Override
    public String name() {
        return "mortal";
    }

    @Override
    public Draft create(String object) {
        before("creating " + object);
        if (seen.containsKey(object)) {
            if (!lying) {
                durable.add(object);
            }
            throw new ContinuityException(FailureKind.CONFLICT, object + " exists already", "choose another name");
        }
        after("creating " + object);
        return new Draft() {
            private final ByteArrayOutputStream content = new ByteArrayOutputStream();

            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                cut.before();
                content.write(bytes, offset, length);
                cut.after();
            }

            @Override
            public Stored commit() {
                before("beginning to commit " + object);
                seen.put(object, content.toByteArray());
                before("making " + object + " durable");
                durable.add(object);
                after("committing " + object);
                return stored(object);
            }

            @Override
            public void close() {
                // Nobody ever sees what was not committed.
            }
        };
    }

    @Override
    public InputStream open(String object) {
        before("opening " + object);
        byte[] content = seen.get(object);
        if (content == null) {
            throw new ContinuityException(FailureKind.NOT_FOUND, "there is no " + object, "look again");
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public Optional<Stored> find(String object) {
        before("finding " + object);
        return seen.containsKey(object) ? Optional.of(stored(object)) : Optional.empty();
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        before("listing " + prefix);
        for (String object : List.copyOf(seen.keySet())) {
            if (object.startsWith(prefix)) {
                each.accept(stored(object));
            }
        }
        after("listing " + prefix);
    }

    private Stored stored(String object) {
        byte[] content = seen.getOrDefault(object, new byte[0]);
        return new Stored(object, content.length, sha256(content), Instant.EPOCH);
    }

    private void before(String doing) {
        try {
            cut.before();
        } catch (IOException e) {
            throw failed(doing, e);
        }
    }

    private void after(String doing) {
        try {
            cut.after();
        } catch (IOException e) {
            throw failed(doing, e);
        }
    }

    private static ContinuityException failed(String doing, IOException e) {
        return new ContinuityException(
                FailureKind.UNEXPECTED, "vault mortal: %s failed: %s".formatted(doing, e.getMessage()), "see above", e);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
