package com.cybernance.continuity.postgres.points;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.points.MadeLog.Made;
import com.cybernance.continuity.postgres.points.VaultSurvey.Window;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.postgres.wal.TimelinePath.Leg;
import com.cybernance.continuity.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Three timelines with commits out of order, pieces cut and lost at random; every answer is held against plain search. */
class RandomVaultTest {
    private static final Instant BEGIN = Instant.parse("2026-11-23T10:00:00Z");
    private static final Lsn START = new Lsn(8L * MadeLog.SEGMENT - 8 * 8192);

    private final Map<Integer, MadeLog> logs = new TreeMap<>();
    private final Map<Integer, BitSet> held = new TreeMap<>();
    private final Map<Integer, TimelinePath> paths = new TreeMap<>();
    private final List<BackupRecord> backups = new ArrayList<>();
    private MadeVault made = new MadeVault();
    private Instant now = BEGIN;

    private int windows;
    private int shared;

    @Test
    void survey_ofARandomVault_findsWhatAPlainSearchFinds() {
        Seeds.check(400, seeds -> {
            make(seeds);
            VaultSurvey survey = new Surveyor(
                            new Reading(made.vault, MadeVault.CLUSTER, () -> Duration.ofHours(1)), new Memory())
                    .survey();
            assertThat(survey.defects()).isEmpty();
            for (BackupRecord backup : backups) {
                for (TimelinePath path : paths.values()) {
                    if (path.on(backup.timeline())
                            .filter(leg -> !backup.stop().isAfter(leg.to()))
                            .isPresent()) {
                        check(seeds, survey, backup, path);
                    }
                }
            }
        });
        assertThat(windows).as("windows on later timelines").isPositive();
        assertThat(shared).as("moments that two timelines show differently").isPositive();
    }

    private void check(Seeds seeds, VaultSurvey survey, BackupRecord backup, TimelinePath path) {
        Lsn end = plainEnd(backup, path);
        List<Made> commits = plainCommits(backup, path, end);
        List<Window> own = survey.windows().stream()
                .filter(each -> each.backup().equals(backup) && each.path().equals(path))
                .toList();
        if (end.isBefore(backup.stop())) {
            assertThat(own).isEmpty();
            return;
        }
        own.forEach(window -> assertThat(window.end()).isEqualTo(end));
        List<Instant> targets = new ArrayList<>(List.of(BEGIN.minusSeconds(1), now.plusSeconds(1)));
        commits.forEach(each -> targets.addAll(List.of(each.at(), each.at().minusNanos(1000))));
        for (int number = 0; number < 20; number++) {
            targets.add(seeds.instant(BEGIN, now));
        }
        if (path.timeline() == backup.timeline()) {
            Instant oldest =
                    commits.stream().map(Made::at).min(Instant::compareTo).orElse(backup.stoppedAt());
            assertThat(own).hasSize(1);
            assertThat(own.get(0).earliest())
                    .isEqualTo(oldest.isBefore(backup.stoppedAt()) ? oldest : backup.stoppedAt());
            assertThat(own.get(0).latest())
                    .isEqualTo(commits.stream()
                            .map(Made::at)
                            .max(Instant::compareTo)
                            .orElse(backup.stoppedAt()));
        } else {
            int parent = path.legs().get(path.legs().size() - 2).timeline();
            differs(survey, backup, path, commits, parent, targets);
        }
    }

    /** What two timelines both offer is not the same, and nothing that only the later one has is left out. */
    private void differs(
            VaultSurvey survey,
            BackupRecord backup,
            TimelinePath path,
            List<Made> commits,
            int parent,
            List<Instant> targets) {
        Optional<Window> window = window(survey, backup, path.timeline());
        windows += window.isPresent() ? 1 : 0;
        Optional<Window> before = window(survey, backup, parent);
        List<Made> theirs = before.map(each -> plainCommits(backup, path(parent), plainEnd(backup, path(parent))))
                .orElse(List.of());
        for (Instant target : targets) {
            Optional<Made> here = plain(commits, target);
            boolean offered = window.filter(each -> reaches(each, target)).isPresent();
            if (offered && before.filter(each -> reaches(each, target)).isPresent()) {
                assertThat(here).isNotEqualTo(plain(theirs, target));
                shared++;
            }
            boolean own = here.filter(each -> !each.start().isBefore(path.last().from()))
                    .isPresent();
            Instant newest =
                    commits.stream().map(Made::at).max(Instant::compareTo).orElse(BEGIN);
            boolean theirOwn = plain(theirs, target)
                    .filter(each -> !each.start().isBefore(path.last().from()))
                    .isPresent();
            if (theirOwn && window.isPresent() && here.isPresent() && !target.isAfter(newest)) {
                assertThat(offered)
                        .as("%s shows two histories, and %s has only one of them", target, window)
                        .isTrue();
            }
            if (own && !target.isAfter(newest)) {
                assertThat(offered)
                        .as("%s on %s, window %s", target, path, window)
                        .isTrue();
            }
        }
    }

    private static Optional<Window> window(VaultSurvey survey, BackupRecord backup, int timeline) {
        return survey.windows().stream()
                .filter(each -> each.backup().equals(backup) && each.path().timeline() == timeline)
                .findFirst();
    }

    private static boolean reaches(Window window, Instant target) {
        return !target.isBefore(window.earliest()) && !target.isAfter(window.latest());
    }

    private Lsn plainEnd(BackupRecord backup, TimelinePath path) {
        Lsn at = backup.start();
        for (Leg leg : path.legs()) {
            if (leg.timeline() >= backup.timeline()) {
                BitSet there = held.getOrDefault(leg.timeline(), new BitSet());
                at = Lsn.earlier(leg.to(), START.plus(there.nextClearBit(Math.toIntExact(at.minus(START)))));
                if (at.isBefore(leg.to())) {
                    break;
                }
            }
        }
        return at;
    }

    private List<Made> plainCommits(BackupRecord backup, TimelinePath path, Lsn end) {
        return log(path.timeline()).commits().stream()
                .filter(each -> !each.start().isBefore(backup.stop())
                        && !each.lastByte().isAfter(end))
                .toList();
    }

    private static Optional<Made> plain(List<Made> commits, Instant target) {
        return commits.stream().filter(each -> !each.at().isAfter(target)).reduce((one, other) -> other);
    }

    private MadeLog log(int timeline) {
        return Objects.requireNonNull(logs.get(timeline));
    }

    private TimelinePath path(int timeline) {
        return Objects.requireNonNull(paths.get(timeline));
    }

    private void make(Seeds seeds) {
        logs.clear();
        held.clear();
        paths.clear();
        backups.clear();
        made = new MadeVault();
        now = BEGIN;
        MadeLog first = MadeLog.begin(MadeVault.SYSTEM, START);
        logs.put(1, first);
        paths.put(1, TimelinePath.first());
        write(seeds, first, seeds.between(5, 40));
        fork(seeds, first, 2, "");
        MadeLog from = seeds.chance(50) ? first : log(2);
        String history = from.timeline() == 1
                ? ""
                : "1\t%s\tno reason\n".formatted(path(2).last().from());
        fork(seeds, from, 3, history);
        logs.values().forEach(log -> ship(seeds, log));
    }

    private void fork(Seeds seeds, MadeLog from, int timeline, String history) {
        Lsn at = from.end();
        MadeLog next = from.fork(timeline);
        logs.put(timeline, next);
        String text = "%s%d\t%s\tno recovery target specified\n".formatted(history, from.timeline(), at);
        made.history(timeline, text);
        paths.put(timeline, TimelinePath.of(timeline, text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        if (seeds.chance(50)) {
            write(seeds, from, seeds.between(0, 10));
        }
        write(seeds, next, seeds.between(0, 30));
    }

    private void write(Seeds seeds, MadeLog log, int records) {
        for (int number = 0; number < records; number++) {
            now = now.plusNanos(1000L * seeds.between(0, seeds.pick(10, 3_000_000)));
            switch (seeds.between(0, 11)) {
                case 0 -> log.filler(seeds.between(0, 20_000));
                case 1 -> log.crash();
                case 2 -> {
                    if (seeds.chance(20)) {
                        log.switchSegment();
                    }
                }
                case 3 -> backup(seeds, log);
                default ->
                    log.commit(
                            seeds.chance(20) ? now.minusNanos(1000L * seeds.between(0, 4_000_000)) : now,
                            seeds.between(0, seeds.pick(8, 300, 9_000)));
            }
        }
    }

    private void backup(Seeds seeds, MadeLog log) {
        Lsn start = log.end();
        log.filler(seeds.between(20, 9_000));
        if (seeds.chance(40)) {
            log.commit(now, 0);
        }
        log.filler(30);
        if (backups.stream().noneMatch(each -> each.start().equals(start))) {
            backups.add(made.backup(log, start, log.end(), now));
        }
    }

    /** Pieces with and without an index, some of them overlapping, twice there, or lost. */
    private void ship(Seeds seeds, MadeLog log) {
        BitSet there = new BitSet();
        Lsn fork = path(log.timeline()).last().from();
        Lsn at = log.timeline() == 1 || seeds.chance(50) ? fork : fork.segmentStart(MadeLog.SEGMENT);
        at = Lsn.later(at, START);
        while (at.isBefore(log.end())) {
            Lsn segmentEnd = at.segmentStart(MadeLog.SEGMENT).plus(MadeLog.SEGMENT);
            Lsn to = Lsn.earlier(
                    Lsn.earlier(segmentEnd, log.end()),
                    at.plus(seeds.between(1, seeds.pick(100, 20_000, 60_000, MadeLog.SEGMENT))));
            if (!seeds.chance(3)) {
                Piece piece = made.piece(log, at, to);
                there.set((int) at.minus(START), (int) to.minus(START));
                if (seeds.chance(60)) {
                    made.index(log, piece, Optional.empty());
                }
            }
            Lsn back = Lsn.later(
                    Lsn.later(START, at.segmentStart(MadeLog.SEGMENT)), new Lsn(to.value() - seeds.between(0, 500)));
            at = seeds.chance(20) && back.isBefore(to) && back.isAfter(at) && to.isBefore(segmentEnd) ? back : to;
        }
        held.put(log.timeline(), there);
    }
}
