package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.Identity;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ServerError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which way the log of a server went, and whether what we have lies on it. */
final class Timelines {
    private final Ancestry ancestry;
    private final int segmentSize;

    Timelines(Ancestry ancestry, int segmentSize) {
        this.ancestry = ancestry;
        this.segmentSize = segmentSize;
    }

    /** Asks for the histories that lead to the server's timeline, and keeps all that it still has. */
    static Timelines of(ReplicationConnection server, int timeline, SpoolNotes notes) {
        int segmentSize = notes.lineage().segmentSize();
        if (timeline == 1) {
            return new Timelines(Ancestry.first(), segmentSize);
        }
        byte[] own = server.timelineHistory(timeline);
        Ancestry ancestry = Ancestry.parse(timeline, own);
        for (Ancestry.Fork fork : ancestry.forks()) {
            if (fork.timeline() > 1 && !notes.histories().containsKey(fork.timeline())) {
                try {
                    notes.history(fork.timeline(), server.timelineHistory(fork.timeline()));
                } catch (ServerError goneThere) {
                    // The newer history says where this one was left; recovery to the newer one needs no more.
                }
            }
        }
        notes.history(timeline, own);
        return new Timelines(ancestry, segmentSize);
    }

    /** Refuses a server whose log does not go on where ours ends. */
    void accept(Identity server, Position ours) {
        if (ours.timeline() > server.timeline()) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the server is on timeline %d, and timeline %d was received already"
                            .formatted(server.timeline(), ours.timeline()),
                    "this is a server that was replaced; lead the receiver to the one that takes the writes now");
        }
        if (!ancestry.includes(ours.timeline())) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the server's timeline %d does not come from timeline %d, which was received"
                            .formatted(server.timeline(), ours.timeline()),
                    "two servers were promoted; decide which one lives, and give the other a receiver and a spool of"
                            + " its own");
        }
        if (ours.timeline() == server.timeline() && server.flushed().isBefore(ours.at())) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the server's log ends at %s, and it was received up to %s".formatted(server.flushed(), ours),
                    "this server is behind, or was set back; lead the receiver to the one that takes the writes");
        }
    }

    /** Where our log goes on: where it ends, or on a later timeline when the server left ours before that. */
    Position next(Position ours) {
        Position next = ours;
        Optional<Lsn> left = ancestry.leftAt(next.timeline());
        while (left.isPresent() && !next.at().isBefore(left.get())) {
            // A server's file of the new timeline begins with a copy of the old one's bytes, and so do our pieces.
            next = new Position(ancestry.after(next.timeline()), left.get().segmentStart(segmentSize));
            left = ancestry.leftAt(next.timeline());
        }
        return next;
    }

    /** Where the server left a timeline before the end of what we have of it. */
    Optional<Lsn> abandoned(Position ours) {
        return ancestry.leftAt(ours.timeline()).filter(left -> left.isBefore(ours.at()));
    }

    /** What lies between the end of what we have and the first that the server still has. */
    List<Hole> holes(Position from, Position to, Instant noticedAt) {
        List<Hole> holes = new ArrayList<>();
        int timeline = from.timeline();
        Lsn at = beginning(from);
        for (Optional<Lsn> left = ancestry.leftAt(timeline);
                timeline < to.timeline() && left.isPresent();
                left = ancestry.leftAt(timeline)) {
            add(holes, timeline, at, left.get(), noticedAt);
            at = Lsn.later(at, left.get());
            timeline = ancestry.after(timeline);
        }
        add(holes, timeline, at, to.at(), noticedAt);
        return holes;
    }

    Position segmentStart(Position position) {
        return new Position(position.timeline(), position.at().segmentStart(segmentSize));
    }

    /** Before a timeline's beginning its log is that of the one before, which we have. */
    private Lsn beginning(Position position) {
        Lsn begins = Lsn.ZERO;
        for (Ancestry.Fork fork : ancestry.forks()) {
            if (fork.timeline() < position.timeline()) {
                begins = fork.until();
            }
        }
        return Lsn.later(begins, position.at());
    }

    private static void add(List<Hole> holes, int timeline, Lsn from, Lsn to, Instant noticedAt) {
        if (from.isBefore(to)) {
            holes.add(new Hole(timeline, from, to, "the server had removed it before it was received", noticedAt));
        }
    }
}
