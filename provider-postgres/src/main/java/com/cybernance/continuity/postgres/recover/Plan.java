package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a restore takes from the vault. Pure, once the vault was listed.
 *
 * @param backup what it starts from
 * @param target where it ends
 * @param stretches the log from the beginning of the backup's first log file to the target's end, along the timelines
 */
record Plan(BackupRecord backup, Target target, List<TimelinePath.Leg> stretches) {
    Plan {
        stretches = List.copyOf(stretches);
    }

    /**
     * One file of the log.
     *
     * @param name as the server asks for it
     * @param start the first position in it
     * @param parts what it consists of, without a gap
     */
    record LogFile(String name, Lsn start, List<TimelinePath.Leg> parts) {}

    /** The way to a target. Refuses a target that the backup does not lead to. */
    static Plan of(VaultedCluster vaulted, BackupRecord backup, Target target) {
        TimelinePath history = target.timeline() == backup.timeline()
                ? lonely(vaulted, target.timeline())
                : vaulted.history(target.timeline());
        Optional<TimelinePath.Leg> taken = history.on(backup.timeline());
        if (taken.isEmpty() || backup.stop().isAfter(taken.get().to())) {
            throw unreachable("backup %s of timeline %d from %s to %s is not on the way to timeline %d"
                    .formatted(backup.id(), backup.timeline(), backup.start(), backup.stop(), target.timeline()));
        }
        if (target.end().isBefore(backup.stop())) {
            throw unreachable(
                    "%s lies before the end of backup %s at %s".formatted(target, backup.id(), backup.stop()));
        }
        Lsn first = backup.start().segmentStart(backup.segmentSize());
        List<TimelinePath.Leg> stretches = new ArrayList<>(head(vaulted, backup, history, first));
        stretches.addAll(history.between(backup.start(), target.end()));
        return new Plan(backup, target, stretches);
    }

    /**
     * The beginning of the first log file, which the server reads although no record in it matters. A timeline that began
     * in it has a copy of what came before.
     */
    private static List<TimelinePath.Leg> head(
            VaultedCluster vaulted, BackupRecord backup, TimelinePath history, Lsn first) {
        List<TimelinePath.Leg> ancestors = history.between(first, backup.start());
        boolean held = ancestors.stream().allMatch(each -> vaulted.heldUpTo(each.timeline(), each.from(), each.to())
                .equals(each.to()));
        return held || ancestors.isEmpty()
                ? ancestors
                : List.of(new TimelinePath.Leg(backup.timeline(), first, backup.start()));
    }

    /** On the backup's own timeline nothing before its start matters, so a lost history file does not either. */
    private static TimelinePath lonely(VaultedCluster vaulted, int timeline) {
        return vaulted.timelines().contains(timeline) ? vaulted.history(timeline) : TimelinePath.alone(timeline);
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
        for (TimelinePath.Leg each : stretches) {
            Lsn held = vaulted.heldUpTo(each.timeline(), each.from(), each.to());
            if (held.isBefore(each.to())) {
                throw missing("vault %s has no log of timeline %d at %s, needed from %s to %s%s"
                        .formatted(
                                vault,
                                each.timeline(),
                                held,
                                each.from(),
                                each.to(),
                                vaulted.hole(each.timeline(), each.from(), each.to())
                                        .map(words -> "; " + words)
                                        .orElse("")));
            }
        }
        for (int timeline = 2; timeline <= target.timeline(); timeline++) {
            if (onTheWay(timeline)) {
                vaulted.history(timeline);
            }
        }
    }

    /** Every object that the restore reads. */
    List<Stored> objects(VaultedCluster vaulted) {
        List<String> names = new ArrayList<>();
        names.add(vaulted.cluster().base(backup.id()) + "backup.json");
        backup.objects().forEach(part -> names.add(part.name()));
        for (TimelinePath.Leg each : stretches) {
            vaulted.pieces(each.timeline(), each.from(), each.to())
                    .forEach(piece -> names.add(piece.object(vaulted.cluster())));
        }
        vaulted.timelines().forEach(each -> names.add(vaulted.cluster().history(each)));
        return names.stream()
                .distinct()
                .map(name -> vaulted.find(name)
                        .orElseThrow(() -> missing(
                                "vault %s has no %s".formatted(vaulted.vault().name(), name))))
                .toList();
    }

    /** The log files, each of the newest timeline on the way that has a part of it. */
    List<LogFile> files() {
        List<LogFile> files = new ArrayList<>();
        int size = backup.segmentSize();
        for (Lsn at = backup.start().segmentStart(size); at.isBefore(target.end()); at = at.plus(size)) {
            Lsn from = at;
            Lsn to = Lsn.earlier(at.plus(size), target.end());
            List<TimelinePath.Leg> parts = stretches.stream()
                    .map(each -> new TimelinePath.Leg(
                            each.timeline(), Lsn.later(from, each.from()), Lsn.earlier(to, each.to())))
                    .filter(each -> each.from().isBefore(each.to()))
                    .toList();
            int timeline = parts.get(parts.size() - 1).timeline();
            files.add(new LogFile(RestoreScript.fileName(timeline, at, size), at, parts));
        }
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

    private boolean onTheWay(int timeline) {
        return timeline == target.timeline() || stretches.stream().anyMatch(each -> each.timeline() == timeline);
    }

    private static ContinuityException missing(String what) {
        return new ContinuityException(
                FailureKind.NOT_FOUND, what, "restore from another copy, or to a moment before what is missing");
    }

    private static ContinuityException unreachable(String what) {
        return new ContinuityException(FailureKind.NOT_FOUND, what, "start from a backup that ended before the target");
    }
}
