package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A vault in memory whose content a test may damage in ways that the vault itself does not notice. */
final class MemoryVault implements Vault {
    private final String name;
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

    MemoryVault(String name) {
        this.name = name;
    }

    /** The same content, to be damaged apart. */
    MemoryVault copy(String otherName) {
        MemoryVault copy = new MemoryVault(otherName);
        copy.objects.putAll(objects);
        return copy;
    }

    /** The content itself: what is changed here is changed behind the vault's back. */
    Map<String, byte[]> objects() {
        return objects;
    }

    byte[] bytes(String object) {
        byte[] bytes = objects.get(object);
        if (bytes == null) {
            throw new AssertionError("no " + object + " in " + new TreeMap<>(objects).keySet());
        }
        return bytes;
    }

    void put(String object, byte[] content) {
        if (objects.putIfAbsent(object, content) != null) {
            throw new ContinuityException(FailureKind.CONFLICT, name + " has " + object + " already", "none");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Draft create(String object) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        return new Draft() {
            @Override
            public void write(int b) {
                content.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                content.write(bytes, from, length);
            }

            @Override
            public Stored commit() {
                put(object, content.toByteArray());
                return find(object).orElseThrow();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public InputStream open(String object) {
        byte[] bytes = objects.get(object);
        if (bytes == null) {
            throw new ContinuityException(FailureKind.NOT_FOUND, name + " has no " + object, "none");
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Optional<Stored> find(String object) {
        return Optional.ofNullable(objects.get(object)).map(bytes -> stored(object, bytes));
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        objects.forEach((object, bytes) -> {
            if (object.startsWith(prefix)) {
                each.accept(stored(object, bytes));
            }
        });
    }

    private static Stored stored(String object, byte[] bytes) {
        return new Stored(object, bytes.length, sha256(bytes), Instant.EPOCH);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
