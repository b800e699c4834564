package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
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
    private final MadeSpaces spaces = new MadeSpaces();
    private int timeline;
    private int wantedTimeline;
    private Optional<Lsn> stopRecord = Optional.empty();
    private @Nullable Commit lastWanted;
    private @Nullable Commit newest;
    private @Nullable LogStop ended;
    private Instant earliest;

    private LogTargets(VaultedCluster vaulted, BackupRecord backup, Predicate<Commit> wanted) {
        this.vaulted = vaulted;
        this.backup = backup;
        this.wanted = wanted;
        this.timeline = backup.timeline();
        this.earliest = backup.stoppedAt();
        this.reader = LogReader.atRecord(
                vaulted.cluster(), backup.segmentSize(), backup.timeline(), backup.start(), this::commit);
        reader.tablespaces(spaces::add);
    }

    static Target resolve(VaultedCluster vaulted, BackupRecord backup, RestoreRequest request) {
        RecoverTo to = request.to();
        Optional<Lsn> position = to.position().map(LogTargets::position);
        LogTargets targets = new LogTargets(
                vaulted,
                backup,
                commit ->
                        to.moment().map(moment -> !commit.at().isAfter(moment)).orElse(true)
                                && position.map(limit -> !commit.start().isAfter(limit))
                                        .orElse(true));
        TimelinePath way = targets.way(PointId.parse(request.point().id()).timeline());
        Lsn end = targets.read(way);
        if (position.isPresent()) {
            targets.refuseBeyond(position.get(), end);
        } else {
            // Who asks for the latest was shown how far that is: a log that ends earlier now is not that.
            targets.refuseBeyond(
                    to,
                    to.moment().orElse(request.point().latest()),
                    end,
                    to.moment().isPresent());
        }
        Target target = targets.target(way);
        targets.spaces.requireFree(target.end(), backup.version() / 10_000);
        return target;
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
        long before = Math.min(length, backup.stop().minus(reader.position()));
        if (before > 0) {
            reader.feed(bytes, offset, (int) before);
            // Only a server that stops after a record needs nothing of the log behind it.
            stopRecord = reader.lastRecordEnd().filter(backup.stop()::equals).flatMap(same -> reader.lastRecordStart());
        }
        int fed = (int) Math.max(0, before);
        reader.feed(bytes, offset + fed, length - fed);
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

    /** Reads all there is, up to what cannot be read by any piece; returns the end of the last whole record. */
    private Lsn read(TimelinePath way) {
        LogRoute log = LogRoute.of(vaulted, backup, way, TimelinePath.NO_END);
        new LogFeed(vaulted).read(log.parts(), backup.start(), this);
        LogStop stop = reader.stop();
        if (stop.reason() != LogStop.Reason.END_OF_DATA) {
            passOver(log, way, stop);
        }
        Lsn end = reader.lastRecordEnd().orElse(backup.start());
        if (log.end().isBefore(backup.stop())) {
            throw unreachable("vault %s has no log of backup %s at %s, needed up to %s"
                    .formatted(vaulted.vault().name(), backup.id(), log.end(), backup.stop()));
        }
        if (end.isBefore(backup.stop())) {
            throw Words.corrupt("the log of backup %s in vault %s cannot be read further than %s: %s"
                    .formatted(backup.id(), vaulted.vault().name(), end, stop));
        }
        ended = stop;
        return end;
    }

    /** What cannot be read in one piece may be sound in another one. Does nothing where no other one holds the same. */
    private void passOver(LogRoute log, TimelinePath way, LogStop stop) {
        for (LogRoute.Part part : log.parts()) {
            // It begins in one of them and may end in a later one.
            if (part.to().isAfter(stop.at()) && !part.from().isAfter(reader.position())) {
                Lsn without = LogRoute.of(vaulted.passingOver(part.piece()), backup, way, TimelinePath.NO_END)
                        .end();
                if (!without.isBefore(part.to())) {
                    throw new Rotten(
                            part.piece(),
                            Words.corrupt("with it the log in vault %s cannot be read: %s"
                                    .formatted(vaulted.vault().name(), stop)));
                }
            }
        }
    }

    private void refuseBeyond(RecoverTo to, Instant moment, Lsn end, boolean asked) {
        Instant latest = newest == null || newest.at().isBefore(backup.stoppedAt()) ? backup.stoppedAt() : newest.at();
        if (moment.isAfter(latest)) {
            Instant known = vaulted.completeAt(timeline, end, moment).orElse(latest);
            latest = known.isAfter(latest) ? known : latest;
        }
        if (asked && moment.isBefore(earliest)) {
            throw unreachable("%s lies before the end of backup %s at %s".formatted(to, backup.id(), earliest));
        }
        if (moment.isAfter(latest)) {
            throw unreachable("%s lies behind the newest moment that vault %s reaches from backup %s: %s%s"
                    .formatted(
                            asked ? to : "the latest, %s when it was looked for,".formatted(moment),
                            vaulted.vault().name(),
                            backup.id(),
                            latest,
                            why()));
        }
    }

    private void refuseBeyond(Lsn position, Lsn end) {
        if (position.isBefore(backup.stop()) || !position.isBefore(end)) {
            throw unreachable("position %s lies outside of what vault %s reaches from backup %s: from %s to %s%s"
                    .formatted(position, vaulted.vault().name(), backup.id(), backup.stop(), end, why()));
        }
    }

    /** Why the log ends where it does, where that is not for want of more. */
    private String why() {
        return ended == null || ended.reason() == LogStop.Reason.END_OF_DATA ? "" : ", where it is " + ended;
    }

    private Target target(TimelinePath way) {
        Commit last = lastWanted;
        if (last == null || !last.end().isAfter(backup.stop())) {
            return Target.backup(backup.timeline(), stopRecord, backup.stop());
        }
        if (wantedTimeline != way.timeline() && !way.agreesWith(vaulted.history(wantedTimeline))) {
            throw Words.corrupt("the history files of timelines %d and %d in vault %s do not agree"
                    .formatted(wantedTimeline, way.timeline(), vaulted.vault().name()));
        }
        return new Target(wantedTimeline, Optional.of(last.start()), last.end(), Optional.of(last.at()));
    }

    private TimelinePath way(int followed) {
        TimelinePath way = vaulted.history(followed);
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
