package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.points.Memory.Known;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.CommitIndex;
import com.cybernance.continuity.postgres.wal.CommitIndex.Stretch;
import com.cybernance.continuity.postgres.wal.CommitTally;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.postgres.wal.TimelinePath.Leg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks from a backup along its way through the log and learns the commits of each run: from its index where that counts,
 * by reading it otherwise. Ends where the log ends or cannot be trusted.
 */
final class LogWalk {
    private static final int MOST_AT_ONCE = 64;

    private final Reading reading;
    private final Memory memory;
    private final BackupRecord backup;
    private final TimelinePath path;
    private final List<Run> way;
    private final Consumer<Defect> defects;
    private final List<Stretch> stretches = new ArrayList<>();
    private final List<Complete> completes = new ArrayList<>();
    private Lsn boundary;
    private Lsn end;
    private String endsBecause;

    LogWalk(
            Reading reading,
            Memory memory,
            BackupRecord backup,
            TimelinePath path,
            List<Run> way,
            List<Hole> holes,
            Consumer<Defect> defects) {
        this.reading = reading;
        this.memory = memory;
        this.backup = backup;
        this.path = path;
        this.defects = defects;
        this.boundary = backup.start();
        this.way = new ArrayList<>();
        this.end = backup.start();
        this.endsBecause = "no piece holds what follows";
        for (Run run : way) {
            Optional<Hole> hole = holes.stream()
                    .filter(each -> each.timeline() == run.timeline()
                            && each.from().isBefore(run.to())
                            && each.to().isAfter(run.from()))
                    .min((one, other) -> one.from().compareTo(other.from()));
            Lsn to = hole.map(each -> Lsn.earlier(run.to(), each.from())).orElse(run.to());
            if (run.from().isBefore(to)) {
                this.way.add(new Run(run.held(), run.from(), to));
                end = to;
            }
            if (hole.isPresent()) {
                endsBecause = "a hole is recorded from %s to %s: %s"
                        .formatted(
                                hole.get().from(), hole.get().to(), hole.get().why());
                break;
            }
        }
    }

    VaultedLog walk() {
        int first = 0;
        while (first < way.size() && !way.get(first).to().isAfter(backup.stop())) {
            first++;
        }
        nearer(first);
        int next = first;
        while (next < way.size()) {
            Known known = known(next);
            next = known != null ? take(known, next) : read(next, lastUnknown(next));
        }
        Optional<Complete> complete = completes.stream()
                .filter(each -> !each.position().isAfter(end))
                .max((one, other) -> one.at().compareTo(other.at()));
        return new VaultedLog(
                reading, backup, path, way, first, new CommitIndex(stretches), complete, end, endsBecause);
    }

    /** A commit between the backup's start and its stop that an index knows of spares reading all between them. */
    private void nearer(int first) {
        for (int run = Math.min(first, way.size()) - 1; run >= 0; run--) {
            Held held = way.get(run).held();
            if (held.index() != null && way.get(run).to().equals(held.piece().end())) {
                Optional<Lsn> record =
                        index(held).flatMap(PieceIndex::lastCommit).map(CommitMark::end);
                if (record.isPresent()) {
                    boundary = Lsn.later(boundary, record.get());
                    return;
                }
            }
        }
    }

    private int take(Known known, int run) {
        Stretch stretch = known.stretch();
        Lsn from = Lsn.later(way.get(run).from(), backup.stop());
        stretches.add(
                stretch.from().equals(from)
                        ? stretch
                        : new Stretch(
                                from,
                                stretch.to(),
                                stretch.commits(),
                                stretch.last(),
                                stretch.newest(),
                                stretch.oldest()));
        boundary = known.next().orElse(boundary);
        if (way.get(run).timeline() == path.timeline()) {
            known.complete().ifPresent(completes::add);
        }
        return run + 1;
    }

    /** What is known of a run without reading it; null when it has to be read. */
    private @Nullable Known known(int number) {
        Run run = way.get(number);
        Piece piece = run.held().piece();
        String index = run.held().index();
        Lsn least = path.on(run.timeline()).map(Leg::from).orElse(run.from());
        boolean whole = run.to().equals(piece.end()) && !piece.start().isBefore(Lsn.later(least, backup.stop()));
        if (!whole || index == null) {
            return memory.get(readKey(number));
        }
        Memory.Indexed key = new Memory.Indexed(run.held().digest(), index);
        Known known = memory.get(key);
        if (known == null) {
            known = index(run.held())
                    .map(it -> Known.of(
                            new Stretch(
                                    piece.start(),
                                    piece.end(),
                                    it.commits(),
                                    it.lastCommit(),
                                    it.newestCommit(),
                                    it.oldestCommit()),
                            it.complete()))
                    .orElse(null);
            if (known == null) {
                return memory.get(readKey(number));
            }
            memory.put(key, known);
        }
        return known;
    }

    private Optional<PieceIndex> index(Held held) {
        try {
            return reading.index(held);
        } catch (ContinuityException wrong) {
            if (wrong.kind() == FailureKind.CORRUPT || wrong.kind() == FailureKind.UNSUPPORTED) {
                defects.accept(new Defect(
                        held.piece().index(reading.cluster()), wrong.kind(), String.valueOf(wrong.getMessage())));
                return Optional.empty();
            }
            if (wrong.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw wrong;
        }
    }

    private Memory.Read readKey(int number) {
        Run run = way.get(number);
        String before = number == 0 ? "" : way.get(number - 1).held().digest();
        return new Memory.Read(before, run.held().digest(), Lsn.later(run.from(), backup.stop()), run.to());
    }

    private int lastUnknown(int from) {
        int last = from;
        while (last + 1 < way.size() && last - from < MOST_AT_ONCE && known(last + 1) == null) {
            last++;
        }
        return last;
    }

    private int read(int from, int last) {
        int first = from;
        while (first > 0 && way.get(first).from().isAfter(boundary)) {
            first--;
        }
        Group group = new Group(from);
        LogStop stop = new RunReader(reading, backup.segmentSize()).read(way, boundary, first, last, group);
        if (stop.reason() == LogStop.Reason.END_OF_DATA) {
            return last + 1;
        }
        cut(group, stop);
        return way.size();
    }

    /** The log is only good up to the last sound record. */
    private void cut(Group group, LogStop stop) {
        Run run = way.get(group.current());
        Run bad = way.stream()
                .filter(each -> each.to().isAfter(stop.at()) && !each.from().isAfter(stop.at()))
                .findFirst()
                .orElse(run);
        defects.accept(new Defect(
                bad.held().piece().object(reading.cluster()),
                stop.reason() == LogStop.Reason.UNSUPPORTED ? FailureKind.UNSUPPORTED : FailureKind.CORRUPT,
                "the log in it cannot be read: " + stop));
        end = Lsn.earlier(run.to(), group.sound());
        endsBecause = "what follows cannot be read: " + stop;
        stretches.add(Stretch.of(run.from(), end, group.tally()));
        way.subList(group.current() + 1, way.size()).clear();
    }

    /** Counts the commits of runs that are read together. */
    private final class Group implements RunReader.Listener {
        private final int from;
        private final CommitTally tally = new CommitTally();
        private int current;
        private Lsn sound;

        Group(int from) {
            this.from = from;
            this.current = from;
            this.sound = boundary;
        }

        @Override
        public void commit(int run, Commit commit) {
            sound = commit.end();
            if (run >= from && !commit.start().isBefore(backup.stop())) {
                tally.accept(commit);
            }
        }

        @Override
        public boolean ended(int number, LogReader reader) {
            sound = reader.lastRecordEnd().orElse(sound);
            boundary = sound;
            if (number >= from) {
                Run run = way.get(number);
                Known known = new Known(
                        Stretch.of(Lsn.later(run.from(), backup.stop()), run.to(), tally),
                        Optional.of(boundary),
                        index(run.held()).flatMap(PieceIndex::complete));
                memory.put(readKey(number), known);
                take(known, number);
                tally.clear();
                current = number + 1;
            }
            return true;
        }

        int current() {
            return current;
        }

        Lsn sound() {
            return sound;
        }

        CommitTally tally() {
            return tally;
        }
    }
}
