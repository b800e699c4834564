package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** How the suites use a vault. */
final class VaultUse {
    private VaultUse() {}

    /** Bytes that only their number decides. */
    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    static Stored commit(Vault vault, String object, byte[] content) {
        try (Vault.Draft draft = vault.create(object)) {
            write(draft, content);
            return draft.commit();
        }
    }

    /** In parts of different lengths, some of a single byte. */
    static void write(Vault.Draft draft, byte[] content) {
        try {
            int single = Math.min(3, content.length);
            for (int i = 0; i < single; i++) {
                draft.write(content[i]);
            }
            int half = single + (content.length - single) / 2;
            draft.write(content, single, half - single);
            draft.write(content, half, content.length - half);
            draft.flush();
        } catch (IOException e) {
            throw new AssertionError("a draft fails with a ContinuityException, observed " + e, e);
        }
    }

    static byte[] read(Vault vault, String object) {
        try (InputStream in = vault.open(object)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("a vault fails with a ContinuityException, observed " + e, e);
        }
    }

    static List<Stored> list(Vault vault, String prefix) {
        List<Stored> found = new ArrayList<>();
        vault.list(prefix, found::add);
        return found;
    }

    static List<String> names(Vault vault, String prefix) {
        return list(vault, prefix).stream().map(Stored::name).toList();
    }

    static Optional<ContinuityException> failure(Runnable act) {
        try {
            act.run();
            return Optional.empty();
        } catch (ContinuityException e) {
            return Optional.of(e);
        }
    }

    /** Does it for each from a thread of its own, all at once; tells how each one failed. */
    static <T> List<Optional<ContinuityException>> atOnce(List<T> each, Consumer<T> act) {
        ExecutorService threads = Executors.newFixedThreadPool(each.size());
        CountDownLatch start = new CountDownLatch(each.size());
        try {
            List<Future<Optional<ContinuityException>>> running = new ArrayList<>();
            for (T one : each) {
                running.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    return failure(() -> act.accept(one));
                }));
            }
            List<Optional<ContinuityException>> outcomes = new ArrayList<>();
            for (Future<Optional<ContinuityException>> one : running) {
                outcomes.add(one.get());
            }
            return outcomes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
