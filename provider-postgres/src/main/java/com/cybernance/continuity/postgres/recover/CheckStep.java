package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.spi.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds out whether the restore will succeed, before it changes anything; then claims the destination. */
final class CheckStep {
    /** Room for what the server itself writes while it recovers. */
    private static final long MARGIN = 256L << 20;

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
        PointId point = PointId.parse(request.point().id());
        BackupRecord backup = vaulted.backup(point.backup());
        programs.require(backup.version() / 10_000);
        requireWholeRecord(backup);
        Target target = resolver.resolve(vaulted, backup, point.timeline(), request.to());
        Plan plan = Plan.of(vaulted, backup, target);
        plan.requireAll(vaulted);
        requireRoom(plan);
        destination.claim();
        Pinned.write(destination, plan.objects(vaulted));
        Map<String, String> results = new TreeMap<>();
        target.write(results);
        results.put("backup", backup.id());
        results.put("cluster", backup.system());
        results.put("vault", vaulted.vault().name());
        results.put("version", Integer.toString(backup.version()));
        results.put("bytes", Long.toString(plan.bytes()));
        return results;
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
            if (!each.object().equals(expected) || !names.contains(expected)) {
                throw Words.corrupt("backup %s has tablespace %d in %s, expected %s"
                        .formatted(backup.id(), each.oid(), each.object(), expected));
            }
        }
        if (!names.contains(base + "data.tar.zst")
                || (backup.method() == BackupRecord.Method.REPLICATION && !names.contains(base + "backup-manifest"))) {
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
