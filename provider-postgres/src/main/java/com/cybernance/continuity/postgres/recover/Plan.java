package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a restore takes from the vault. Pure, once the vault was listed.
 *
 * @param backup what it starts from
 * @param target where it ends
 * @param log up to the target's end, as far as there is any
 */
record Plan(BackupRecord backup, Target target, LogRoute log) {
    /**
     * One file of the log.
     *
     * @param name as the server asks for it
     * @param start the first position in it
     * @param parts what it consists of, without a gap
     */
    record LogFile(String name, Lsn start, List<LogRoute.Part> parts) {
        LogFile {
            parts = List.copyOf(parts);
        }
    }

    /** The way to a target. Refuses a target that the backup does not lead to. */
    static Plan of(VaultedCluster vaulted, BackupRecord backup, Target target) {
        TimelinePath history = vaulted.history(target.timeline());
        Optional<TimelinePath.Leg> taken = history.on(backup.timeline());
        if (taken.isEmpty() || backup.stop().isAfter(taken.get().to())) {
            throw unreachable("backup %s of timeline %d from %s to %s is not on the way to timeline %d"
                    .formatted(backup.id(), backup.timeline(), backup.start(), backup.stop(), target.timeline()));
        }
        if (target.end().isBefore(backup.stop())) {
            throw unreachable(
                    "%s lies before the end of backup %s at %s".formatted(target, backup.id(), backup.stop()));
        }
        return new Plan(backup, target, LogRoute.of(vaulted, backup, history, target.end()));
    }

    /** Refuses when something that is needed is not in the vault, as its listing tells it. */
    void requireAll(VaultedCluster vaulted) {
        String vault = vaulted.vault().name();
        for (BackupRecord.Part part : backup.objects()) {
            Stored stored = vaulted.find(part.name())
                    .orElseThrow(() ->
                            missing("vault %s has no %s of backup %s".formatted(vault, part.name(), backup.id())));
            if (stored.size() != part.size() || !stored.sha256().equals(part.sha256())) {
                throw Words.corrupt("%s in vault %s has %d bytes with digest %s, expected %d with %s"
                        .formatted(part.name(), vault, stored.size(), stored.sha256(), part.size(), part.sha256()));
            }
        }
        requireLog(vaulted);
    }

    /** Refuses when there is a gap in the log, so that it ends before the target. */
    void requireLog(VaultedCluster vaulted) {
        Lsn held = log.end();
        for (TimelinePath.Leg each : log.stretches()) {
            if (held.isBefore(each.to())) {
                throw missing("vault %s has no log of timeline %d at %s, needed from %s to %s%s"
                        .formatted(
                                vaulted.vault().name(),
                                each.timeline(),
                                held,
                                each.from(),
                                each.to(),
                                vaulted.hole(each.timeline(), each.from(), each.to())
                                        .map(words -> "; " + words)
                                        .orElse("")));
            }
        }
    }

    /** Every object that the restore reads. */
    List<Stored> objects(VaultedCluster vaulted) {
        List<String> names = new ArrayList<>();
        names.add(vaulted.cluster().base(backup.id()) + "backup.json");
        backup.objects().forEach(part -> names.add(part.name()));
        log.parts().forEach(part -> names.add(part.piece().object(vaulted.cluster())));
        vaulted.timelines().forEach(each -> names.add(vaulted.cluster().history(each)));
        return names.stream()
                .distinct()
                .map(name -> vaulted.find(name)
                        .orElseThrow(() -> missing(
                                "vault %s has no %s".formatted(vaulted.vault().name(), name))))
                .toList();
    }

    /** The log files, each of the newest timeline on the way that has a part of it. No part lies in two of them. */
    List<LogFile> files() {
        NavigableMap<Lsn, List<LogRoute.Part>> parts = new TreeMap<>();
        for (LogRoute.Part part : log.parts()) {
            parts.computeIfAbsent(part.from().segmentStart(backup.segmentSize()), none -> new ArrayList<>())
                    .add(part);
        }
        List<LogFile> files = new ArrayList<>();
        parts.forEach((start, inIt) -> {
            int timeline = inIt.get(inIt.size() - 1).piece().timeline();
            files.add(new LogFile(RestoreScript.fileName(timeline, start, backup.segmentSize()), start, inIt));
        });
        return files;
    }

    /** How many bytes the restore writes before the server starts. */
    long bytes() {
        long all = (long) files().size() * backup.segmentSize();
        for (BackupRecord.Part part : backup.objects()) {
            all = part.unpacked() > Long.MAX_VALUE - all ? Long.MAX_VALUE : all + part.unpacked();
        }
        return all;
    }

    private static ContinuityException missing(String what) {
        return new ContinuityException(
                FailureKind.NOT_FOUND, what, "restore from another copy, or to a moment before what is missing");
    }

    private static ContinuityException unreachable(String what) {
        return new ContinuityException(FailureKind.NOT_FOUND, what, "start from a backup that ended before the target");
    }
}
