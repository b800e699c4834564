package com.cybernance.continuity.postgres.wire;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Asks a server for its time in the one way that a replication connection has: the log's stream carries it. */
final class ServerClock {
    /** The server counts its time from 2000 on. */
    private static final long EPOCH = 946_684_800;

    private ServerClock() {}

    static Instant read(ReplicationConnection server) {
        Identity identity = server.identify();
        server.send("START_REPLICATION PHYSICAL %s TIMELINE %d".formatted(identity.flushed(), identity.timeline()));
        server.expect(WireMessage.COPY_BOTH);
        server.copyData(ByteBuffer.allocate(34)
                .put((byte) 'r')
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .put((byte) 1)
                .flip());
        ByteBuffer told = server.expect(WireMessage.COPY_DATA).body();
        // The clock stands behind one position in a sign of life, and behind two in a piece of the log.
        long micros = told.getLong(told.get(0) == 'k' ? 9 : 17);
        server.endCopy();
        return Instant.ofEpochSecond(EPOCH).plus(micros, ChronoUnit.MICROS);
    }
}
