package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.Identity;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ServerError;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happens on one connection once the server is known: it finds where to go on, and receives. */
final class ServerSession {
    /** The server no longer has a file of the log. */
    private static final String GONE = "58P01";
    /** The server does not honour the slot any more. */
    private static final String NOT_IN_STATE = "55000";

    private final ReplicationConnection server;
    private final Spool spool;
    private final StatusBoard board;
    private final Terms terms;
    private final Signal signal;
    private final Slot slot;
    private Timelines timelines;
    private Identity identity;

    ServerSession(
            ReplicationConnection server,
            Identity identity,
            Spool spool,
            StatusBoard board,
            Terms terms,
            Signal signal) {
        this.server = server;
        this.identity = identity;
        this.spool = spool;
        this.board = board;
        this.terms = terms;
        this.signal = signal;
        this.slot = new Slot(server, terms.slot());
        this.timelines = Timelines.of(server, identity.timeline(), spool.notes());
        signal.ended();
    }

    /**
     * Receives until the connection ends, which is an exception.
     *
     * @param ends what we have, the one to try first at the front; empty when we have nothing
     */
    void run(List<Position> ends) {
        // A server that is refused is left as it was: a slot there would hold its log back for nobody.
        ends.forEach(end -> timelines.accept(identity, end));
        Position reserved = slot.ensure();
        tellOfSlot();
        Deque<Position> candidates = new ArrayDeque<>(ends);
        if (candidates.isEmpty()) {
            candidates.add(timelines.segmentStart(reserved));
        }
        while (true) {
            Position ours = candidates.remove();
            timelines.accept(identity, ours);
            timelines.abandoned(ours).ifPresent(left -> abandoned(ours, left));
            Position next = timelines.next(ours);
            LogStream stream = new LogStream(server, spool, board, terms, next);
            try {
                Position end = stream.run();
                refresh();
                candidates.clear();
                candidates.add(end);
            } catch (ServerError e) {
                if (stream.receivedAnything()) {
                    throw e;
                }
                if (!slot.renewed() && e.sqlState().equals(NOT_IN_STATE)) {
                    reserved = slot.renew();
                    tellOfSlot();
                    candidates.addFirst(ours);
                } else if (!e.sqlState().equals(GONE)) {
                    throw e;
                } else if (candidates.isEmpty()) {
                    candidates.add(hole(next, timelines.segmentStart(reserved), e));
                } else {
                    // A vault that has what lies between notes nothing of it.
                    note(holes(next, candidates.element()));
                }
            }
        }
    }

    private void tellOfSlot() {
        if (slot.renewed()) {
            board.remark("the server had given up slot %s; it was made anew".formatted(terms.slot()));
        }
    }

    /** The server may have been promoted since it was asked who it is. */
    private void refresh() {
        identity = server.identify();
        timelines = Timelines.of(server, identity.timeline(), spool.notes());
        signal.ended();
    }

    private Position hole(Position from, Position to, ServerError gone) {
        List<Hole> holes = holes(from, to);
        if (holes.isEmpty()) {
            throw new ContinuityException(
                    FailureKind.NOT_FOUND,
                    "the server has no log at %s, although its slot keeps it from %s on".formatted(from, to),
                    "see the server's log and its pg_wal",
                    gone);
        }
        note(holes);
        return to;
    }

    private List<Hole> holes(Position from, Position to) {
        return timelines.holes(from, to, terms.clock().instant().truncatedTo(ChronoUnit.MICROS));
    }

    private void note(List<Hole> holes) {
        holes.forEach(spool.notes()::hole);
        signal.ended();
    }

    private void abandoned(Position ours, Lsn left) {
        board.remark(
                "the server left timeline %d at %s; what was received of it after that, up to %s, is not in what it went on from"
                        .formatted(ours.timeline(), left, ours.at()));
    }
}
