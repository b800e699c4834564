package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.CommitIndex;
import com.cybernance.continuity.postgres.wal.CommitIndex.Stretch;
import com.cybernance.continuity.postgres.wal.CommitTally;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The log that follows a backup in a vault, on the way to one timeline, as far as it is there without a hole. For one
 * thread at a time.
 */
final class VaultedLog {
    private final Reading reading;
    private final BackupRecord backup;
    private final TimelinePath path;
    private final List<Run> way;
    private final int firstStretch;
    private final CommitIndex commits;
    private final Optional<Complete> complete;
    private final Lsn end;
    private final String endsBecause;

    VaultedLog(
            Reading reading,
            BackupRecord backup,
            TimelinePath path,
            List<Run> way,
            int firstStretch,
            CommitIndex commits,
            Optional<Complete> complete,
            Lsn end,
            String endsBecause) {
        this.reading = reading;
        this.backup = backup;
        this.path = path;
        this.way = List.copyOf(way);
        this.firstStretch = firstStretch;
        this.commits = commits;
        this.complete = complete;
        this.end = end;
        this.endsBecause = endsBecause;
    }

    BackupRecord backup() {
        return backup;
    }

    TimelinePath path() {
        return path;
    }

    /** The exclusive end of the log; before {@link BackupRecord#stop} the backup itself cannot be used. */
    Lsn end() {
        return end;
    }

    /** Why the log ends there, in words. */
    String endsBecause() {
        return endsBecause;
    }

    /** What was known of the server when the log was shipped; the newest that holds for this end. */
    Optional<Complete> complete() {
        return complete;
    }

    /** The commits behind the backup. */
    CommitIndex commits() {
        return commits;
    }

    /**
     * The smallest time of a commit behind the backup whose record begins at or behind a position; empty without any. Reads
     * the piece that holds the position, where its index does not tell. Where that piece turns out to be unreadable, the
     * answer may be a commit of it that begins earlier.
     */
    Optional<Instant> oldestFrom(Lsn position) {
        Optional<Instant> oldest = Optional.empty();
        for (int number = 0; number < commits.stretches().size(); number++) {
            Stretch stretch = commits.stretches().get(number);
            if (stretch.last().filter(last -> !last.start().isBefore(position)).isPresent()) {
                boolean all = stretch.oldest()
                        .filter(mark -> !mark.start().isBefore(position))
                        .isPresent();
                Optional<Instant> here =
                        all ? stretch.oldest().map(CommitMark::at) : oldestFrom(position, number, stretch);
                oldest = Stream.of(oldest, here).flatMap(Optional::stream).min(Comparator.naturalOrder());
            }
        }
        return oldest;
    }

    private Optional<Instant> oldestFrom(Lsn position, int number, Stretch stretch) {
        CommitTally behind = new CommitTally();
        try {
            Lsn record = commits.recordBefore(number).orElse(backup.start());
            read(record, firstRun(record), firstStretch + number, commit -> {
                if (!commit.start().isBefore(position)) {
                    behind.accept(commit);
                }
            });
        } catch (ContinuityException unreadable) {
            if (unreadable.kind() != FailureKind.CORRUPT && unreadable.kind() != FailureKind.NOT_FOUND) {
                throw unreadable;
            }
            return stretch.oldest().map(CommitMark::at);
        }
        return behind.oldest().map(CommitMark::at);
    }

    private void read(Lsn record, int first, int last, Consumer<Commit> each) {
        LogStop stop = new RunReader(reading, backup.segmentSize())
                .read(way, record, first, last, new RunReader.Listener() {
                    @Override
                    public void commit(int run, Commit commit) {
                        if (!commit.start().isBefore(backup.stop())) {
                            each.accept(commit);
                        }
                    }

                    @Override
                    public boolean ended(int run, LogReader reader) {
                        return true;
                    }
                });
        if (stop.reason() != LogStop.Reason.END_OF_DATA) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "the log of cluster %s in vault %s cannot be read on: %s"
                            .formatted(backup.system(), reading.vault().name(), stop),
                    "use another copy of that piece");
        }
    }

    /** The run from which on a record can be read that begins there; it may begin in the one behind. */
    private int firstRun(Lsn record) {
        for (int run = 0; run < way.size(); run++) {
            if (way.get(run).to().isAfter(record)) {
                return run;
            }
        }
        return way.size() - 1;
    }

    /** The moments that can be reached; nothing when the log does not even hold what the backup needs. */
    List<Instant> moments() {
        if (end.isBefore(backup.stop())) {
            return List.of();
        }
        List<Instant> ends = new ArrayList<>();
        Instant stopped = backup.stoppedAt();
        ends.add(commits.oldest()
                .map(CommitMark::at)
                .filter(at -> at.isBefore(stopped))
                .orElse(stopped));
        ends.add(latest().orElse(stopped));
        return ends;
    }

    /** Of the greatest time, or the moment up to which the server is known to have had no more; empty without either. */
    Optional<Instant> latest() {
        Optional<Instant> newest = commits.newest().map(CommitMark::at);
        Optional<Instant> known =
                complete.map(Complete::at).filter(at -> !at.isBefore(backup.stoppedAt()) || newest.isPresent());
        if (newest.isPresent() && known.isPresent()) {
            return newest.get().isAfter(known.get()) ? newest : known;
        }
        return newest.or(() -> known);
    }
}
