package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wire.Quoted;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.WireMessage;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Brings a range of the log from the server into a vault, in pieces. For one thread. */
final class LogFetch {
    private static final int HEAD = 24;

    private final ReplicationConnection connection;
    private final Patience patience;
    private final Vault vault;
    private final Cluster cluster;
    private final int timeline;
    private final int segmentSize;
    private final int level;
    private @Nullable ByteBuffer left;

    LogFetch(
            ReplicationConnection connection,
            Patience patience,
            Vault vault,
            Cluster cluster,
            int timeline,
            int segmentSize,
            int level) {
        this.connection = connection;
        this.patience = patience;
        this.vault = vault;
        this.cluster = cluster;
        this.timeline = timeline;
        this.segmentSize = segmentSize;
        this.level = level;
    }

    /** @param slot that keeps the log on the server; {@code ""} for none */
    void fetch(LogCoverage.Gap gap, String slot) throws IOException {
        connection.send("START_REPLICATION %sPHYSICAL %s TIMELINE %d"
                .formatted(slot.isEmpty() ? "" : "SLOT " + Quoted.name(slot) + " ", gap.from(), timeline));
        connection.expect(WireMessage.COPY_BOTH);
        Lsn at = gap.from();
        while (at.isBefore(gap.to())) {
            Lsn end = Lsn.earlier(gap.to(), at.segmentStart(segmentSize).plus(segmentSize));
            piece(new Piece(timeline, at, end));
            at = end;
        }
        left = null;
        connection.endCopy();
    }

    private void piece(Piece piece) throws IOException {
        try (Packed into = NewPiece.begin(vault, cluster, piece, level)) {
            Lsn at = piece.start();
            while (at.isBefore(piece.end())) {
                ByteBuffer data = left != null && left.hasRemaining() ? left : next(at);
                int taken = (int) Math.min(piece.end().minus(at), data.remaining());
                if (into != null) {
                    into.write(data.array(), data.arrayOffset() + data.position(), taken);
                }
                data.position(data.position() + taken);
                left = data;
                at = at.plus(taken);
            }
            if (into != null) {
                NewPiece.commit(into);
            }
        }
    }

    /** The log's next bytes, which must begin where the last ones ended. */
    private ByteBuffer next(Lsn at) {
        while (true) {
            WireMessage message = patience.next(connection);
            if (message.type() != WireMessage.COPY_DATA) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "the server ended timeline %d at %s, before the log of the backup".formatted(timeline, at),
                        "take the backup again");
            }
            ByteBuffer body = message.body();
            if (body.get(0) == 'w' && body.remaining() > HEAD) {
                Lsn start = new Lsn(body.getLong(1));
                if (!start.equals(at)) {
                    throw BaseCopy.unexpected("log from %s instead of %s".formatted(start, at));
                }
                return body.position(1 + HEAD);
            }
            if (body.get(0) == 'k' && body.get(17) == 1) {
                alive();
            }
        }
    }

    /** Tells the server that this end lives. It confirms nothing, so no commit ever counts on it. */
    private void alive() {
        connection.copyData(ByteBuffer.allocate(34)
                .put((byte) 'r')
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .put((byte) 0)
                .flip());
    }
}
