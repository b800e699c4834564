package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Brings the history of a timeline, and of those that it comes from, into a vault. */
final class HistoryFiles {
    private HistoryFiles() {}

    static void store(IntFunction<byte[]> histories, Vault vault, Cluster cluster, int timeline) throws IOException {
        if (timeline == 1) {
            return;
        }
        byte[] own = histories.apply(timeline);
        store(vault, cluster.history(timeline), own);
        for (int ancestor : ancestors(own)) {
            if (ancestor > 1 && ancestor != timeline) {
                store(vault, cluster.history(ancestor), histories.apply(ancestor));
            }
        }
    }

    /** Lines begin with a timeline's number; comments and empty lines do not. */
    private static Set<Integer> ancestors(byte[] history) {
        Set<Integer> all = new TreeSet<>();
        new String(history, StandardCharsets.UTF_8).lines().map(String::strip).forEach(line -> {
            String first = line.split("\\s", 2)[0];
            if (first.matches("[0-9]{1,9}")) {
                all.add(Integer.parseInt(first));
            }
        });
        return all;
    }

    private static void store(Vault vault, String object, byte[] content) throws IOException {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(content);
            draft.commit();
        } catch (ContinuityException e) {
            if (e.kind() != FailureKind.CONFLICT) {
                throw e;
            }
            refuseOther(vault, object, content);
        }
    }

    private static void refuseOther(Vault vault, String object, byte[] content) throws IOException {
        try (InputStream in = vault.open(object)) {
            if (!Arrays.equals(in.readAllBytes(), content)) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "vault %s holds another history as %s than the server has".formatted(vault.name(), object),
                        "two clusters with one identifier went different ways; give each a vault of its own");
            }
        }
    }
}
