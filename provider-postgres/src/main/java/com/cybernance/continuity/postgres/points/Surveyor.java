package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.BackupRecord.Part;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.points.VaultSurvey.LogRange;
import com.cybernance.continuity.postgres.points.VaultSurvey.VaultedBackup;
import com.cybernance.continuity.postgres.points.VaultSurvey.Window;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Surveys one vault for one cluster. A defect is noted and hides nothing else; a vault that cannot be read is a failure. */
final class Surveyor {
    private final Reading reading;
    private final Memory memory;
    private final Shelf shelf;
    private final Set<Defect> defects = new LinkedHashSet<>();
    private final List<VaultedBackup> backups = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();
    private final Map<Integer, TimelinePath> paths = new TreeMap<>();
    private final List<Hole> holes = new ArrayList<>();
    private final Set<String> unusable = new HashSet<>();

    /** Lists the vault. */
    Surveyor(Reading reading, Memory memory) {
        this.reading = reading;
        this.memory = memory;
        reading.goOn();
        this.shelf = reading.list();
        defects.addAll(shelf.defects());
    }

    VaultSurvey survey() {
        readTimelines();
        readHoles();
        for (String id : shelf.backups().keySet()) {
            readBackup(id).ifPresent(backups::add);
        }
        backups.sort(Comparator.comparing((VaultedBackup each) -> each.backup().stop())
                .thenComparing(each -> each.backup().id()));
        List<Window> windows = new ArrayList<>();
        for (int number = 0; number < backups.size(); number++) {
            backups.set(number, withWindows(backups.get(number), windows));
        }
        List<LogRange> log = new ArrayList<>();
        List<LogRange> gaps = new ArrayList<>();
        for (int timeline : shelf.loggedTimelines()) {
            ranges(timeline, log, gaps);
        }
        return new VaultSurvey(
                reading.vault().name(),
                shelf.cluster(),
                backups,
                unfinished,
                List.copyOf(paths.values()),
                log,
                gaps,
                holes,
                windows,
                List.copyOf(defects));
    }

    private void readTimelines() {
        paths.put(1, TimelinePath.first());
        for (int timeline : shelf.histories().keySet()) {
            attempt(shelf.cluster().history(timeline), () -> history(timeline))
                    .ifPresent(path -> paths.put(timeline, path));
        }
    }

    private TimelinePath history(int timeline) {
        if (timeline == 1 || !shelf.histories().containsKey(timeline)) {
            throw absent("no history of timeline " + timeline);
        }
        return reading.record(shelf.cluster().history(timeline), bytes -> TimelinePath.of(timeline, bytes));
    }

    private void readHoles() {
        for (Stored stored : shelf.holes()) {
            attempt(stored.name(), () -> {
                        Hole hole = reading.record(stored.name(), RecordJson::readHole);
                        if (!shelf.cluster()
                                .hole(hole.timeline(), hole.from(), hole.to())
                                .equals(stored.name())) {
                            throw swapped(stored.name());
                        }
                        return hole;
                    })
                    .ifPresent(holes::add);
        }
    }

    private Optional<VaultedBackup> readBackup(String id) {
        String name = shelf.cluster().base(id) + "backup.json";
        Map<String, Stored> objects = shelf.backups().getOrDefault(id, Map.of());
        Stored record = objects.get(name);
        if (record == null) {
            unfinished.add(id);
            return Optional.empty();
        }
        return attempt(name, () -> backup(id, name)).map(backup -> {
            List<String> missing = new ArrayList<>();
            for (Part part : backup.objects()) {
                Stored stored = objects.get(part.name());
                if (stored == null) {
                    missing.add("object " + part.name());
                } else if (stored.size() != part.size() || !stored.sha256().equals(part.sha256())) {
                    missing.add("object %s as it was recorded".formatted(part.name()));
                    defects.add(new Defect(
                            part.name(),
                            FailureKind.CORRUPT,
                            "it has %d bytes with SHA-256 %s, and the backup's record says %d with %s"
                                    .formatted(stored.size(), stored.sha256(), part.size(), part.sha256())));
                }
            }
            if (!paths.containsKey(backup.timeline())) {
                missing.add("object " + shelf.cluster().history(backup.timeline()));
            }
            return new VaultedBackup(backup, record.since(), missing);
        });
    }

    private BackupRecord backup(String id, String name) {
        BackupRecord backup = reading.record(name, RecordJson::readBackup);
        if (!backup.id().equals(id) || !backup.system().equals(shelf.cluster().system())) {
            throw swapped(name);
        }
        return backup;
    }

    /** Finds the windows of a backup, and what of its own log is missing. */
    private VaultedBackup withWindows(VaultedBackup vaulted, List<Window> windows) {
        BackupRecord backup = vaulted.backup();
        TimelinePath own = paths.get(backup.timeline());
        if (own == null) {
            return vaulted;
        }
        VaultedLog log = walk(backup, own);
        if (log.end().isBefore(backup.stop())) {
            List<String> missing = new ArrayList<>(vaulted.missing());
            missing.add("the log on %s, because %s"
                    .formatted(new LogRange(backup.timeline(), log.end(), backup.stop()), log.endsBecause()));
            return new VaultedBackup(backup, vaulted.since(), missing);
        }
        if (vaulted.complete()) {
            windows.addAll(Windows.of(backup, log, paths.values(), path -> walk(backup, path)));
        }
        return vaulted;
    }

    /** Seeks another way around each piece that turns out to be unreadable. */
    private VaultedLog walk(BackupRecord backup, TimelinePath path) {
        while (true) {
            reading.goOn();
            List<Run> way = shelf.way(path, backup.timeline(), backup.start(), unusable);
            try {
                return new LogWalk(reading, memory, backup, path, way, holes, defects::add).walk();
            } catch (Unusable piece) {
                unusable.add(piece.held().digest());
                defects.add(new Defect(
                        piece.held().piece().object(shelf.cluster()),
                        piece.kind(),
                        String.valueOf(piece.getMessage())));
            }
        }
    }

    private void ranges(int timeline, List<LogRange> log, List<LogRange> gaps) {
        Lsn before = null;
        for (LogRange range : shelf.ranges(timeline, unusable)) {
            if (before != null) {
                gaps.add(new LogRange(timeline, before, range.from()));
            }
            before = range.to();
            log.add(range);
        }
    }

    /** What is wrong with one object is a defect; that the vault does not answer is a failure of the look. */
    private <T> Optional<T> attempt(String object, Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (ContinuityException wrong) {
            if (wrong.kind() == FailureKind.CORRUPT
                    || wrong.kind() == FailureKind.UNSUPPORTED
                    || wrong.kind() == FailureKind.NOT_FOUND) {
                defects.add(new Defect(object, wrong.kind(), String.valueOf(wrong.getMessage())));
                return Optional.empty();
            }
            throw wrong;
        }
    }

    private ContinuityException swapped(String object) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "object %s of vault %s is the record of something else than its name says"
                        .formatted(object, reading.vault().name()),
                "use another copy; somebody moved or swapped objects");
    }

    private ContinuityException absent(String what) {
        return new ContinuityException(
                FailureKind.NOT_FOUND,
                "vault %s has %s of cluster %s"
                        .formatted(reading.vault().name(), what, shelf.cluster().system()),
                "look at the vaults again, or restore from another copy");
    }
}
