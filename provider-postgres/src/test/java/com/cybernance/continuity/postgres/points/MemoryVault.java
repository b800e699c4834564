package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Objects in memory, for thousands of small vaults; counts what is read. */
final class MemoryVault implements Vault {
    final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final IdentityHashMap<byte[], String> digests = new IdentityHashMap<>();
    boolean down;
    int opened;

    private final String name;

    MemoryVault(String name) {
        this.name = name;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Draft create(String object) {
        throw new AssertionError("nothing here writes");
    }

    @Override
    public InputStream open(String object) {
        opened++;
        return find(object)
                .map(there -> new ByteArrayInputStream(objects.get(object)))
                .orElseThrow(() -> new ContinuityException(
                        FailureKind.NOT_FOUND, "vault %s has no object %s".formatted(name, object), "look again"));
    }

    @Override
    public Optional<Stored> find(String object) {
        if (down) {
            throw new ContinuityException(
                    FailureKind.UNREACHABLE, "vault %s does not answer".formatted(name), "mount it");
        }
        byte[] bytes = objects.get(object);
        return bytes == null
                ? Optional.empty()
                : Optional.of(new Stored(
                        object,
                        bytes.length,
                        digests.computeIfAbsent(bytes, MemoryVault::sha256),
                        Instant.parse("2026-11-23T12:00:00Z")));
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        for (String object : objects.keySet()) {
            if (object.startsWith(prefix)) {
                find(object).ifPresent(each);
            }
        }
        find("");
    }
}
