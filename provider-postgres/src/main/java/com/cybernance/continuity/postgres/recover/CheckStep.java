package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.spi.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds out whether the restore will succeed, before it changes anything; then claims the destination. */
final class CheckStep {
    /** Room for what the server itself writes while it recovers. */
    private static final long MARGIN = 256L << 20;

    /** Each of them costs another reading of the log. */
    private static final int MOST_PASSED_OVER = 32;

    /** In the results: the pieces of the log that were not taken, where there are any. */
    static final String PASSED_OVER = "log.passed-over";

    private final VaultedCluster vaulted;
    private final TargetResolver resolver;
    private final Programs programs;
    private final Destination destination;

    CheckStep(VaultedCluster vaulted, TargetResolver resolver, Programs programs, Destination destination) {
        this.vaulted = vaulted;
        this.resolver = resolver;
        this.programs = programs;
        this.destination = destination;
    }

    Map<String, String> run(RestoreRequest request) throws IOException {
        destination.refuseUnlessFree();
        BackupRecord backup = vaulted.backup(PointId.parse(request.point().id()).backup());
        programs.require(backup.version() / 10_000);
        requireWholeRecord(backup);
        Found found = find(backup, request);
        Target target = found.target();
        Plan plan = Plan.of(found.vaulted(), backup, target);
        plan.requireAll(found.vaulted());
        requireRoom(plan);
        destination.claim();
        Pinned.write(destination, plan.objects(found.vaulted()));
        Map<String, String> results = new TreeMap<>();
        target.write(results);
        results.put("backup", backup.id());
        results.put("cluster", backup.system());
        results.put("vault", vaulted.vault().name());
        results.put("version", Integer.toString(backup.version()));
        results.put("bytes", Long.toString(plan.bytes()));
        if (!found.passedOver().isEmpty()) {
            results.put(PASSED_OVER, String.join("; ", found.passedOver()));
        }
        return results;
    }

    /**
     * A target, and what of the vault leads to it.
     *
     * @param passedOver the pieces that were not taken, each with the reason
     */
    private record Found(Target target, VaultedCluster vaulted, List<String> passedOver) {
        Found {
            passedOver = List.copyOf(passedOver);
        }
    }

    /** Where pieces of the log overlap, one that cannot be used is passed over, and the others are tried. */
    private Found find(BackupRecord backup, RestoreRequest request) {
        VaultedCluster rest = vaulted;
        List<String> passedOver = new ArrayList<>();
        while (true) {
            try {
                return new Found(resolver.resolve(rest, backup, request), rest, passedOver);
            } catch (Rotten rotten) {
                String piece = rotten.piece().object(vaulted.cluster());
                if (passedOver.size() == MOST_PASSED_OVER) {
                    throw Words.corrupt("more than %d pieces of the log in vault %s cannot be used, the last is %s: %s"
                            .formatted(MOST_PASSED_OVER, vaulted.vault().name(), piece, rotten.why()));
                }
                passedOver.add(piece + ": " + rotten.why());
                rest = rest.passingOver(rotten.piece());
            } catch (ContinuityException refused) {
                throw passedOver.isEmpty() ? refused : with(refused, passedOver);
            }
        }
    }

    private static ContinuityException with(ContinuityException refused, List<String> passedOver) {
        return new ContinuityException(
                refused.kind(),
                "%s; passed over: %s".formatted(Words.said(refused), String.join("; ", passedOver)),
                refused.hint(),
                refused);
    }

    /** What the vault says of itself must not lead anywhere else, or leave out what the server vouched with. */
    private void requireWholeRecord(BackupRecord backup) {
        String base = vaulted.cluster().base(backup.id());
        Set<String> names = new HashSet<>();
        for (BackupRecord.Part part : backup.objects()) {
            if (!part.name().startsWith(base) || !names.add(part.name())) {
                throw Words.corrupt(
                        "backup %s names %s, which is not its own or there twice".formatted(backup.id(), part.name()));
            }
        }
        for (BackupRecord.Tablespace each : backup.tablespaces()) {
            String expected = base + "tablespace-" + each.oid() + ".tar.zst";
            if (!each.object().equals(expected) || !names.remove(expected)) {
                throw Words.corrupt("backup %s has tablespace %d in %s, expected %s"
                        .formatted(backup.id(), each.oid(), each.object(), expected));
            }
        }
        if (!names.contains(base + "data.tar.zst") || !names.contains(base + "backup-manifest")) {
            throw Words.corrupt("backup %s names no data directory or no manifest".formatted(backup.id()));
        }
    }

    private void requireRoom(Plan plan) throws IOException {
        Path there = destination.root();
        while (!Files.exists(there)) {
            Path above = there.getParent();
            if (above == null) {
                return;
            }
            there = above;
        }
        long free = Files.getFileStore(there).getUsableSpace();
        long needed = plan.bytes();
        if (free - MARGIN < needed) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the restore needs %d MiB in %s, and %d MiB are free"
                            .formatted((needed >> 20) + (MARGIN >> 20), destination.root(), free >> 20),
                    "make room there, or name another destination");
        }
    }
}
