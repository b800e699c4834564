package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.wal.CommitTally;
import com.cybernance.continuity.postgres.wal.LogReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces on their way to one vault, and says what is in them. It goes on reading from piece to piece; a piece at
 * whose beginning it does not know its place gets no index, which is a cache. For one thread.
 */
final class PieceIndexer {
    private final Cluster cluster;
    private final int segmentSize;
    private final CommitTally tally = new CommitTally();
    private final MessageDigest digest = sha256();
    private @Nullable LogReader reader;
    private int timeline;
    private boolean knew;

    PieceIndexer(Cluster cluster, int segmentSize) {
        this.cluster = cluster;
        this.segmentSize = segmentSize;
    }

    /** Reads a piece while it is written; to be followed by {@link #index} or {@link #forget}. */
    OutputStream reading(Piece piece, OutputStream into) {
        LogReader reading = reader;
        if (reading == null
                || timeline != piece.timeline()
                || !reading.position().equals(piece.start())) {
            reading = LogReader.anywhere(cluster, segmentSize, piece.timeline(), piece.start(), tally);
            timeline = piece.timeline();
            reader = reading;
        }
        LogReader fed = reading;
        knew = fed.knowsItsPlace();
        tally.clear();
        digest.reset();
        return new FilterOutputStream(into) {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                digest.update(bytes, offset, length);
                fed.feed(bytes, offset, length);
            }
        };
    }

    /** What is in the piece that was read, of no object yet; empty when that is not surely known. */
    Optional<PieceIndex> index(Piece piece, Optional<PieceIndex.Complete> complete) {
        LogReader reading = reader;
        if (!knew || reading == null || !reading.position().equals(piece.end())) {
            return Optional.empty();
        }
        Lsn end = piece.end();
        return Optional.of(tally.index(
                piece, HexFormat.of().formatHex(digest.digest()), "", complete.filter(known -> !known.position()
                        .isAfter(end))));
    }

    /** The piece was not packed; it will be read again. */
    void forget() {
        reader = null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
