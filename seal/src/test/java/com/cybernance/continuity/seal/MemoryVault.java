package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * A vault that an attacker holds: it gives out whatever was put into it, checks nothing, and says of an object what it
 * was told to say.
 */
final class MemoryVault implements Vault {
    static final Instant SINCE = Instant.parse("2026-11-24T10:00:00Z");

    private final Map<String, Kept> kept = new ConcurrentSkipListMap<>();

    @SuppressWarnings("ArrayRecordComponent")
    record Kept(byte[] bytes, long size, String sha256) {}

    static Kept honest(byte[] bytes) {
        MessageDigest digest = Sha256.begin();
        digest.update(bytes);
        return new Kept(bytes, bytes.length, Sha256.hex(digest));
    }

    /** Other bytes, of which the vault says what it said of those before, as rot does. */
    void rot(String object, byte[] bytes) {
        kept.compute(object, (name, before) -> new Kept(bytes, before.size, before.sha256));
    }

    /** Other bytes, of which the vault says the truth. */
    void put(String object, byte[] bytes) {
        kept.put(object, honest(bytes));
    }

    void put(String object, Kept content) {
        kept.put(object, content);
    }

    void remove(String object) {
        kept.remove(object);
    }

    Kept kept(String object) {
        Kept found = kept.get(object);
        if (found == null) {
            throw new AssertionError("nothing under " + object);
        }
        return found;
    }

    byte[] bytes(String object) {
        return kept(object).bytes;
    }

    Map<String, Kept> all() {
        return kept;
    }

    /** An independent vault with the same content. */
    MemoryVault copy() {
        MemoryVault copy = new MemoryVault();
        copy.kept.putAll(kept);
        return copy;
    }

    /** The folder of an object's envelopes, which ends in a slash. */
    String envelopes(String object) {
        return "sealed-keys/" + kept(object).sha256 + "/";
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Draft create(String object) {
        if (kept.containsKey(object)) {
            throw taken(object);
        }
        return new MemoryDraft(object);
    }

    private static ContinuityException taken(String object) {
        return new ContinuityException(FailureKind.CONFLICT, object + " is taken", "use another name");
    }

    @Override
    public InputStream open(String object) {
        Kept found = kept.get(object);
        if (found == null) {
            throw new ContinuityException(FailureKind.NOT_FOUND, "no " + object, "list");
        }
        return new ByteArrayInputStream(found.bytes);
    }

    @Override
    public Optional<Stored> find(String object) {
        return Optional.ofNullable(kept.get(object)).map(found -> stored(object, found));
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        kept.forEach((name, found) -> {
            if (name.startsWith(prefix)) {
                each.accept(stored(name, found));
            }
        });
    }

    private static Stored stored(String name, Kept found) {
        return new Stored(name, found.size, found.sha256, SINCE);
    }

    private final class MemoryDraft extends Draft {
        private final String object;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        MemoryDraft(String object) {
            this.object = object;
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public Stored commit() {
            Kept content = honest(bytes.toByteArray());
            if (kept.putIfAbsent(object, content) != null) {
                throw taken(object);
            }
            return stored(object, content);
        }

        @Override
        public void close() {}
    }
}
