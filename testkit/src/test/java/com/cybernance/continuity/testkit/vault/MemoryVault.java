package com.cybernance.continuity.testkit.vault;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A right vault in memory, of which each wrong one overrides something. */
class MemoryVault implements Vault {
    static final String PART = "[a-z0-9][a-z0-9._-]{0,127}";

    final TreeMap<String, Stored> records = new TreeMap<>();
    final Map<String, byte[]> contents = new HashMap<>();
    final Map<String, Set<String>> holds = new HashMap<>();
    final Map<String, Instant> locks = new HashMap<>();
    boolean answers = true;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Draft create(String object) {
        check(object);
        refuseIfTaken(object);
        return new MemoryDraft(object);
    }

    @Override
    public InputStream open(String object) {
        Stored stored =
                find(object).orElseThrow(() -> failure(FailureKind.NOT_FOUND, "there is no object '" + object + "'"));
        return new ByteArrayInputStream(proven(stored, content(object)));
    }

    @SuppressWarnings("NullAway") // what has a record has content
    final byte[] content(String object) {
        return contents.get(object);
    }

    byte[] proven(Stored stored, byte[] content) {
        if (content.length != stored.size() || !sha256(content).equals(stored.sha256())) {
            throw failure(FailureKind.CORRUPT, "object '" + stored.name() + "' is not what was committed");
        }
        return content;
    }

    @Override
    public Optional<Stored> find(String object) {
        check(object);
        synchronized (this) {
            return Optional.ofNullable(records.get(object));
        }
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        requireAnswer();
        checkPrefix(prefix);
        TreeMap<String, Stored> now;
        synchronized (this) {
            now = new TreeMap<>(records);
        }
        now.values().stream().filter(stored -> stored.name().startsWith(prefix)).forEach(each);
    }

    void checkPrefix(String prefix) {
        if (!prefix.isEmpty()) {
            if (!prefix.endsWith("/")) {
                throw failure(FailureKind.MISCONFIGURED, "no prefix: " + prefix);
            }
            check(prefix.substring(0, prefix.length() - 1));
        }
    }

    void check(String object) {
        requireAnswer();
        if (!object.matches(PART + "(/" + PART + "){0,7}")) {
            throw failure(FailureKind.MISCONFIGURED, "no name: " + object);
        }
    }

    void requireAnswer() {
        if (!answers) {
            throw failure(FailureKind.UNREACHABLE, "no answer");
        }
    }

    synchronized void refuseIfTaken(String object) {
        boolean begins = records.keySet().stream().anyMatch(name -> name.startsWith(object + "/"));
        boolean below = records.keySet().stream().anyMatch(name -> object.startsWith(name + "/"));
        if (records.containsKey(object) || begins || below) {
            throw failure(FailureKind.CONFLICT, "the name '" + object + "' is taken");
        }
    }

    synchronized Stored keep(String object, byte[] content) {
        refuseIfTaken(object);
        Stored stored = new Stored(object, content.length, sha256(content), Instant.EPOCH);
        records.put(object, stored);
        contents.put(object, content);
        return stored;
    }

    final ContinuityException failure(FailureKind kind, String what) {
        return new ContinuityException(kind, "vault 'memory': " + what, "it is only a test");
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A draft that keeps all in memory. */
    class MemoryDraft extends Draft {
        final String object;
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        boolean ended;

        MemoryDraft(String object) {
            this.object = object;
        }

        void refuseIfEnded() {
            if (ended) {
                throw failure(FailureKind.MISCONFIGURED, "the draft has ended");
            }
        }

        @Override
        public void write(int b) {
            refuseIfEnded();
            written.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            byte[] part = Arrays.copyOfRange(bytes, offset, offset + length);
            for (byte each : part) {
                write(each);
            }
        }

        @Override
        public Stored commit() {
            refuseIfEnded();
            ended = true;
            return keep(object, written.toByteArray());
        }

        @Override
        public void close() {
            ended = true;
        }
    }
}
