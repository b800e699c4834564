package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the log from a backup's start to its end, record by record, and says where it is not as it should be. */
final class LogAudit {
    /** Commit times are not quite in the order of the log, and a record says when a backup ended by the same clock. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final VaultedCluster vaulted;
    private final BackupRecord backup;
    private final Optional<Lsn> through;
    private final List<Defect> defects;
    private final PieceAudit pieces;
    private final LogReader reader;
    private final Set<Integer> followed = new HashSet<>();
    private final LogReader firstFile;
    private Lsn firstFileRead;
    private boolean broken;

    LogAudit(VaultedCluster vaulted, BackupRecord backup, Optional<Lsn> through, List<Defect> defects) {
        this.vaulted = vaulted;
        this.backup = backup;
        this.through = through;
        this.defects = defects;
        this.pieces = new PieceAudit(vaulted, backup.segmentSize(), defects);
        this.reader = LogReader.atRecord(
                vaulted.cluster(), backup.segmentSize(), backup.timeline(), backup.start(), this::commit);
        // The backup starts behind the beginning of a file, which the server looks at as well.
        this.firstFileRead = backup.start().segmentStart(backup.segmentSize());
        this.firstFile = LogReader.anywhere(
                vaulted.cluster(), backup.segmentSize(), backup.timeline(), firstFileRead, commit -> {});
    }

    void run() {
        List<TimelinePath> histories = new HistoryAudit(vaulted, defects).all(backup.timeline());
        TimelinePath way = newest(histories);
        pieces.names();
        Lsn reached = head();
        for (TimelinePath.Leg stretch : way.between(backup.start(), TimelinePath.NO_END)) {
            if (broken) {
                break;
            }
            reached = stretch(stretch);
        }
        requireReach(way, reached);
        for (int timeline : followed) {
            pieces.indexes(timeline, backup.start());
            vaulted.hole(timeline, backup.start().segmentStart(backup.segmentSize()), TimelinePath.NO_END)
                    .ifPresent(words -> defect(vaulted.cluster().holes() + "%08x/".formatted(timeline), "", words));
        }
    }

    /** The beginning of the first log file: the server wants it whole. */
    private Lsn head() {
        Lsn first = backup.start().segmentStart(backup.segmentSize());
        Lsn held = vaulted.heldUpTo(backup.timeline(), first, backup.start());
        if (held.isBefore(backup.start()) && !first.equals(backup.start())) {
            boolean elsewhere = vaulted.timelines().contains(backup.timeline())
                    && vaulted.history(backup.timeline()).between(first, backup.start()).stream()
                            .allMatch(each -> vaulted.heldUpTo(each.timeline(), each.from(), each.to())
                                    .equals(each.to()));
            if (!elsewhere) {
                missing(backup.timeline(), held, backup.start());
            }
        }
        return backup.start();
    }

    /** One timeline's part of the way; every piece that has something of it is read whole. */
    private Lsn stretch(TimelinePath.Leg stretch) {
        followed.add(stretch.timeline());
        reader.follow(stretch.timeline());
        Lsn first = stretch.from().segmentStart(backup.segmentSize());
        List<Piece> all = new ArrayList<>(vaulted.pieces(stretch.timeline(), first, TimelinePath.NO_END));
        Lsn at = stretch.from();
        Lsn tail = stretch.to();
        for (Piece piece : all) {
            Optional<byte[]> bytes = pieces.read(piece);
            if (bytes.isEmpty() || broken) {
                broken = true;
                continue;
            }
            beginning(piece, bytes.get());
            Lsn end = Lsn.earlier(piece.end(), stretch.to());
            if (piece.start().isAfter(at) && at.isBefore(stretch.to())) {
                missing(stretch.timeline(), at, piece.start());
                broken = true;
            } else if (end.isAfter(at)) {
                feed(piece, bytes.get(), (int) at.minus(piece.start()), (int) end.minus(at));
                at = end;
            }
            // What a timeline wrote after it was left belongs to nobody's way, and has no gap either.
            if (!broken && piece.start().isAfter(tail)) {
                missing(stretch.timeline(), tail, piece.start());
            }
            tail = Lsn.later(tail, piece.end());
        }
        if (!broken && !stretch.to().equals(TimelinePath.NO_END)) {
            requireSwitch(stretch, at);
        }
        return at;
    }

    private void beginning(Piece piece, byte[] bytes) {
        if (piece.timeline() == backup.timeline()
                && firstFileRead.isBefore(backup.start())
                && !piece.start().isAfter(firstFileRead)
                && piece.end().isAfter(firstFileRead)) {
            int offset = (int) firstFileRead.minus(piece.start());
            firstFile.feed(bytes, offset, bytes.length - offset);
            firstFileRead = piece.end();
            LogStop stop = firstFile.stop();
            if (stop.reason() != LogStop.Reason.END_OF_DATA) {
                broken = true;
                defect(piece.object(vaulted.cluster()), stop.at().toString(), stop.toString());
            }
        }
    }

    private void feed(Piece piece, byte[] bytes, int offset, int length) {
        reader.feed(bytes, offset, length);
        LogStop stop = reader.stop();
        if (stop.reason() != LogStop.Reason.END_OF_DATA) {
            broken = true;
            defect(piece.object(vaulted.cluster()), stop.at().toString(), stop.toString());
        }
    }

    /** A timeline ends where a record does: anything else is not what its history says. */
    private void requireSwitch(TimelinePath.Leg stretch, Lsn at) {
        if (at.isBefore(stretch.to())) {
            broken = true;
            missing(stretch.timeline(), at, stretch.to());
            return;
        }
        Lsn end = reader.lastRecordEnd().orElse(backup.start());
        if (stretch.to().minus(end) > 40 || stretch.to().isBefore(end)) {
            broken = true;
            defect(
                    vaulted.cluster().timelines(),
                    stretch.to().toString(),
                    "timeline %d is said to end at %s, and its last record before that ends at %s"
                            .formatted(stretch.timeline(), stretch.to(), end));
        }
    }

    private void requireReach(TimelinePath way, Lsn reached) {
        Lsn end = Lsn.later(reached, backup.start());
        if (broken) {
            return;
        }
        Lsn whole = reader.lastRecordEnd().orElse(backup.start());
        if (whole.isBefore(backup.stop())) {
            missing(backup.timeline(), whole, backup.stop());
        }
        Lsn expected = through.orElse(Lsn.ZERO);
        Lsn known = pieces.completeUpTo(way.timeline());
        if (end.isBefore(Lsn.later(expected, known))) {
            missing(way.timeline(), end, Lsn.later(expected, known));
        }
    }

    private void commit(Commit commit) {
        boolean before = !commit.end().isAfter(backup.stop());
        if ((before && commit.at().isAfter(backup.stoppedAt().plus(SLACK)))
                || (!before && commit.at().isBefore(backup.stoppedAt().minus(SLACK)))) {
            defect(
                    vaulted.cluster().base(backup.id()) + "backup.json",
                    "stoppedAt",
                    "the backup is said to have ended at %s, %s, and the commit at %s is of %s"
                            .formatted(backup.stop(), backup.stoppedAt(), commit.start(), commit.at()));
        }
    }

    private TimelinePath newest(List<TimelinePath> histories) {
        TimelinePath newest = histories.stream()
                .filter(each -> each.timeline() == backup.timeline())
                .findFirst()
                .orElse(TimelinePath.alone(backup.timeline()));
        for (TimelinePath each : histories) {
            boolean leads = each.on(backup.timeline())
                    .filter(taken -> !backup.stop().isAfter(taken.to()))
                    .isPresent();
            if (leads && each.timeline() > newest.timeline()) {
                newest = each;
            }
        }
        return newest;
    }

    private void missing(int timeline, Lsn from, Lsn to) {
        defect(
                vaulted.cluster().log(timeline),
                from.toString(),
                "no piece holds the log from %s to %s%s"
                        .formatted(
                                from,
                                to,
                                vaulted.hole(timeline, from, to)
                                        .map(words -> "; " + words)
                                        .orElse("")));
    }

    private void defect(String object, String place, String what) {
        defects.add(new Defect(object, place, what));
    }
}
