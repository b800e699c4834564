package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.points.VaultSurvey.Window;
import com.cybernance.continuity.postgres.wal.CommitIndex;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one backup. Each moment is in the window of the first timeline that shows it: a later timeline's begins
 * where it first differs, so that two windows share a moment only where two histories really differ.
 */
final class Windows {
    private Windows() {}

    static List<Window> of(
            BackupRecord backup,
            VaultedLog own,
            Collection<TimelinePath> paths,
            Function<TimelinePath, VaultedLog> walk) {
        List<Window> windows = new ArrayList<>();
        Map<Integer, VaultedLog> logs = new HashMap<>();
        logs.put(backup.timeline(), own);
        List<Instant> moments = own.moments();
        windows.add(window(own, moments.get(0), moments.get(1)));
        for (TimelinePath path : paths) {
            if (path.timeline() != backup.timeline() && leadsOn(backup, path)) {
                VaultedLog log = walk.apply(path);
                logs.put(path.timeline(), log);
                later(log, logs.get(parent(path))).ifPresent(windows::add);
            }
        }
        return windows;
    }

    /** Whether the path goes through the backup's stop on its timeline. */
    private static boolean leadsOn(BackupRecord backup, TimelinePath path) {
        return path.on(backup.timeline())
                .filter(leg ->
                        !backup.stop().isAfter(leg.to()) && !backup.start().isBefore(leg.from()))
                .isPresent();
    }

    private static int parent(TimelinePath path) {
        return path.legs().get(path.legs().size() - 2).timeline();
    }

    private static Optional<Window> later(VaultedLog log, @Nullable VaultedLog parent) {
        Lsn fork = log.path().last().from();
        if (!log.end().isAfter(fork)) {
            return Optional.empty();
        }
        CommitIndex before = part(log.commits(), Lsn.ZERO, fork);
        CommitIndex behind = part(log.commits(), fork, TimelinePath.NO_END);
        Optional<Instant> known = log.complete().map(Complete::at);
        Optional<Instant> latest = behind.newest().isPresent() ? log.latest() : known;
        Instant shared = before.newest().map(CommitMark::at).orElse(log.backup().stoppedAt());
        Instant next = shared.plus(1, ChronoUnit.MICROS);
        if (parent != null) {
            Optional<Instant> own = parent.oldestFrom(fork);
            // From the first commit on that only the parent has, by its time and maybe before the last that both have;
            // without one, behind what the parent is known to show.
            next = own.map(at -> later(at, log.moments().get(0)))
                    .or(() -> parent.latest().map(at -> later(at, shared).plus(1, ChronoUnit.MICROS)))
                    .orElse(next);
        }
        Instant earliest =
                behind.oldest().map(CommitMark::at).filter(next::isAfter).orElse(next);
        return latest.filter(at -> !at.isBefore(earliest)).map(at -> window(log, earliest, at));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The stretches from one position to another, on which stretches never lie. */
    private static CommitIndex part(CommitIndex commits, Lsn from, Lsn to) {
        return new CommitIndex(commits.stretches().stream()
                .filter(each -> !each.from().isBefore(from) && each.from().isBefore(to))
                .toList());
    }

    private static Window window(VaultedLog log, Instant earliest, Instant latest) {
        return new Window(
                log.backup(),
                log.path(),
                earliest,
                latest,
                log.end(),
                log.commits().newest(),
                log.complete(),
                log.endsBecause());
    }
}
