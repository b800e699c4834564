package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import com.cybernance.continuity.postgres.wire.Quoted;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.WireMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream of the log, from a position to the end of its timeline. The server is told that bytes are flushed only once
 * the spool has made them durable: as much as has arrived, one force, one report.
 */
final class LogStream {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    /** More than this is not taken over before it is made durable, so that whoever waits for it hears soon. */
    private static final long MOST_IN_FLIGHT = 4L << 20;
    /** The same while the server is further ahead than this: nobody waits for what is that old. */
    private static final long MOST_WHEN_BEHIND = 16L << 20;

    private final ReplicationConnection server;
    private final Spool spool;
    private final StatusBoard board;
    private final Terms terms;
    private final ServerTime time = new ServerTime();
    private final Position start;
    private Lsn received;
    private Lsn flushed;
    private Lsn serverEnd;
    private long heard;
    private long reported;
    private boolean anything;

    LogStream(ReplicationConnection server, Spool spool, StatusBoard board, Terms terms, Position start) {
        this.server = server;
        this.spool = spool;
        this.board = board;
        this.terms = terms;
        this.start = start;
        this.received = start.at();
        this.flushed = start.at();
        this.serverEnd = start.at();
    }

    /** Whether any of the log came. */
    boolean receivedAnything() {
        return anything;
    }

    /**
     * Receives until the timeline ends at the server.
     *
     * @return where it ended
     */
    Position run() {
        server.send("START_REPLICATION SLOT %s PHYSICAL %s TIMELINE %d"
                .formatted(Quoted.name(terms.slot()), start.at(), start.timeline()));
        server.expect(WireMessage.COPY_BOTH);
        spool.begin(start);
        board.from(start);
        heard = terms.ticker().nanos();
        report(true);
        while (true) {
            Optional<WireMessage> message = server.poll(STEP);
            if (message.isEmpty()) {
                quiet();
                continue;
            }
            heard = terms.ticker().nanos();
            boolean wanted = false;
            boolean ended = false;
            while (message.isPresent() && !ended) {
                ended = message.get().type() == WireMessage.COPY_DONE;
                wanted |= !ended && take(message.get());
                message = ended || received.minus(flushed) > mostInFlight()
                        ? Optional.empty()
                        : server.poll(Duration.ZERO);
            }
            boolean more = flush();
            if (ended) {
                return end();
            }
            if (more || wanted) {
                report(false);
            }
        }
    }

    private long mostInFlight() {
        boolean behind = serverEnd.isAfter(received) && serverEnd.minus(received) > MOST_WHEN_BEHIND;
        return behind ? MOST_WHEN_BEHIND : MOST_IN_FLIGHT;
    }

    private void quiet() {
        long now = terms.ticker().nanos();
        if (now - heard > terms.silence().toNanos()) {
            throw new ContinuityException(
                    FailureKind.TIMED_OUT,
                    "the server said nothing for %d s".formatted(terms.silence().toSeconds()),
                    "see whether the server hangs or the network is cut");
        }
        if (now - reported > REPORT_EVERY.toNanos()) {
            report(true);
        }
    }

    /** Takes over one message; true when the server wants to hear from us. */
    private boolean take(WireMessage message) {
        if (message.type() != WireMessage.COPY_DATA) {
            throw new ContinuityException(
                    FailureKind.UNREACHABLE,
                    "the server ended the stream of the log at %s".formatted(received),
                    "it is probably being stopped; the stream goes on when it is back");
        }
        ByteBuffer body = message.body();
        char kind = (char) (body.get() & 0xff);
        if (kind == 'w') {
            data(body);
            return false;
        }
        if (kind != 'k') {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "the server sent a message '%s' in the log, expected w or k".formatted(kind),
                    "use PostgreSQL 15 to 18");
        }
        Lsn end = new Lsn(body.getLong());
        Instant clock = EPOCH.plus(body.getLong(), ChronoUnit.MICROS);
        time.keepalive(clock, end, received);
        board.received(received, clock);
        return body.get() != 0;
    }

    private void data(ByteBuffer body) {
        Lsn at = new Lsn(body.getLong());
        Lsn end = new Lsn(body.getLong());
        Instant clock = EPOCH.plus(body.getLong(), ChronoUnit.MICROS);
        if (!at.equals(received)) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "the server sent the log from %s on, expected %s".formatted(at, received),
                    "nothing of it was kept; see whether something stands between here and the server");
        }
        int length = body.remaining();
        spool.append(body.array(), body.arrayOffset() + body.position(), length);
        received = received.plus(length);
        serverEnd = end;
        anything |= length > 0;
        time.data(clock, end, received);
        board.received(received, clock);
    }

    private boolean flush() {
        boolean more = received.isAfter(flushed);
        if (more) {
            spool.force();
            flushed = received;
        }
        board.flushed(new Position(start.timeline(), flushed), time.complete(flushed));
        board.link(Link.STREAMING);
        if (spool.bytes() >= terms.spoolBytes()) {
            throw SpoolFailures.full(terms);
        }
        return more;
    }

    private void report(boolean asking) {
        ByteBuffer report = ByteBuffer.allocate(34);
        report.put((byte) 'r').putLong(flushed.value()).putLong(flushed.value()).putLong(0);
        report.putLong(ChronoUnit.MICROS.between(EPOCH, terms.clock().instant()));
        report.put((byte) (asking ? 1 : 0)).flip();
        server.copyData(report);
        reported = terms.ticker().nanos();
    }

    private Position end() {
        server.copyDone();
        server.rest();
        return new Position(start.timeline(), flushed);
    }

    /** What the server's clock and its positions say together. */
    private static final class ServerTime {
        private @Nullable Instant previous;
        private @Nullable Instant before;
        private PieceIndex.@Nullable Complete known;

        /** The server looked up its end after it sent the message before, whose clock may therefore be believed. */
        void data(Instant clock, Lsn end, Lsn received) {
            note(previous, end, received);
            seen(clock);
        }

        /** A keepalive may carry an end that was looked up before the previous one was sent, but not the one before that. */
        void keepalive(Instant clock, Lsn end, Lsn received) {
            note(before, end, received);
            seen(clock);
        }

        /** What may be told once everything up to a position is durable. */
        PieceIndex.@Nullable Complete complete(Lsn flushed) {
            PieceIndex.Complete complete = known;
            return complete == null || complete.position().isAfter(flushed) ? null : complete;
        }

        private void note(@Nullable Instant at, Lsn end, Lsn received) {
            if (at != null && !end.isAfter(received)) {
                known = new PieceIndex.Complete(at, received);
            }
        }

        private void seen(Instant clock) {
            before = previous;
            previous = clock;
        }
    }
}
