package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.RecoverTo;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds targets by reading the commit records in the vault's log, from the start of the backup on. For one thread. */
final class LogTargets implements LogFeed.Reader {
    private final VaultedCluster vaulted;
    private final BackupRecord backup;
    private final LogReader reader;
    private final Predicate<Commit> wanted;
    private int timeline;
    private int wantedTimeline;
    private Optional<Lsn> stopRecord = Optional.empty();
    private @Nullable Commit lastWanted;
    private @Nullable Commit newest;
    private Instant earliest;

    private LogTargets(VaultedCluster vaulted, BackupRecord backup, Predicate<Commit> wanted) {
        this.vaulted = vaulted;
        this.backup = backup;
        this.wanted = wanted;
        this.timeline = backup.timeline();
        this.earliest = backup.stoppedAt();
        this.reader = LogReader.atRecord(
                vaulted.cluster(), backup.segmentSize(), backup.timeline(), backup.start(), this::commit);
    }

    static Target resolve(VaultedCluster vaulted, BackupRecord backup, int followed, RecoverTo to) {
        Optional<Lsn> position = to.position().map(LogTargets::position);
        LogTargets targets = new LogTargets(
                vaulted,
                backup,
                commit ->
                        to.moment().map(moment -> !commit.at().isAfter(moment)).orElse(true)
                                && position.map(limit -> !commit.start().isAfter(limit))
                                        .orElse(true));
        Lsn end = targets.read(followed);
        targets.refuseBeyond(to, position, end);
        return targets.target();
    }

    @Override
    public void timeline(int next) {
        if (next != timeline) {
            timeline = next;
            reader.follow(next);
        }
    }

    @Override
    public boolean bytes(byte[] bytes, int offset, int length) {
        reader.feed(bytes, offset, length);
        return reader.stop().reason() == LogStop.Reason.END_OF_DATA;
    }

    private void commit(Commit commit) {
        if (wanted.test(commit)) {
            lastWanted = commit;
            wantedTimeline = timeline;
        }
        if (newest == null || commit.at().isAfter(newest.at())) {
            newest = commit;
        }
        boolean behind = !commit.start().isBefore(backup.stop());
        earliest = behind && commit.at().isBefore(earliest) ? commit.at() : earliest;
    }

    /** Reads all there is; returns the end of the last whole record. */
    private Lsn read(int followed) {
        TimelinePath way = way(followed);
        LogFeed feed = new LogFeed(vaulted);
        feed.read(way.between(backup.start(), backup.stop()), this);
        // Only a server that stops after a record needs nothing of the log behind it.
        stopRecord = reader.lastRecordEnd().filter(backup.stop()::equals).flatMap(same -> reader.lastRecordStart());
        feed.read(way.between(backup.stop(), TimelinePath.NO_END), this);
        LogStop stop = reader.stop();
        Lsn end = reader.lastRecordEnd().orElse(backup.start());
        boolean ended = stop.reason() == LogStop.Reason.END_OF_DATA || stop.reason() == LogStop.Reason.ZEROS;
        if (!ended || end.isBefore(backup.stop())) {
            throw Words.corrupt("the log of backup %s in vault %s cannot be read further than %s: %s"
                    .formatted(backup.id(), vaulted.vault().name(), end, stop));
        }
        return end;
    }

    private void refuseBeyond(RecoverTo to, Optional<Lsn> position, Lsn end) {
        Instant latest = newest == null || newest.at().isBefore(backup.stoppedAt()) ? backup.stoppedAt() : newest.at();
        Instant known = vaulted.completeAt(timeline, end).orElse(latest);
        latest = known.isAfter(latest) ? known : latest;
        if (to.moment().isPresent() && to.moment().get().isBefore(earliest)) {
            throw unreachable("%s lies before the end of backup %s at %s".formatted(to, backup.id(), earliest));
        }
        if (to.moment().isPresent() && to.moment().get().isAfter(latest)) {
            throw unreachable("%s lies behind the newest moment that vault %s reaches from backup %s: %s"
                    .formatted(to, vaulted.vault().name(), backup.id(), latest));
        }
        if (position.isPresent()
                && (position.get().isBefore(backup.stop()) || !position.get().isBefore(end))) {
            throw unreachable("%s lies outside of what vault %s reaches from backup %s: from %s to %s"
                    .formatted(to, vaulted.vault().name(), backup.id(), backup.stop(), end));
        }
    }

    private Target target() {
        Commit last = lastWanted;
        return last == null || !last.end().isAfter(backup.stop())
                ? Target.backup(backup.timeline(), stopRecord, backup.stop())
                : new Target(wantedTimeline, Optional.of(last.start()), last.end(), Optional.of(last.at()));
    }

    /** On the backup's own timeline nothing before its start matters, so a lost history file does not either. */
    private TimelinePath way(int followed) {
        boolean own = followed == backup.timeline() && !vaulted.timelines().contains(followed);
        TimelinePath way = own ? TimelinePath.alone(followed) : vaulted.history(followed);
        boolean leads = way.on(backup.timeline())
                .filter(taken -> !backup.stop().isAfter(taken.to()))
                .isPresent();
        if (!leads) {
            throw unreachable("timeline %d does not go through backup %s of timeline %d"
                    .formatted(followed, backup.id(), backup.timeline()));
        }
        return way;
    }

    private static Lsn position(String text) {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED, String.valueOf(e.getMessage()), "give a position as 0/3000028", e);
        }
    }

    private static ContinuityException unreachable(String what) {
        return new ContinuityException(
                FailureKind.NOT_FOUND, what, "plan again: another backup or another vault may reach it");
    }
}
