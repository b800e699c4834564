package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads the log of a vault from end to end, over pieces and timelines. For one thread. */
final class LogFeed {
    private final VaultedCluster vaulted;
    private final byte[] buffer = new byte[1 << 16];

    LogFeed(VaultedCluster vaulted) {
        this.vaulted = vaulted;
    }

    /** Takes the bytes of the log in their order, without a gap and none twice. */
    interface Reader {
        /** What comes now is of this timeline. */
        void timeline(int timeline);

        /** Some bytes, which the reader must not keep. Returns whether it wants more. */
        boolean bytes(byte[] bytes, int offset, int length);
    }

    /** Reads the stretches as far as pieces reach without a gap, or the reader wants. Returns where it ended. */
    Lsn read(Iterable<TimelinePath.Leg> stretches, Reader reader) {
        Lsn at = Lsn.ZERO;
        for (TimelinePath.Leg stretch : stretches) {
            at = stretch.from();
            reader.timeline(stretch.timeline());
            for (Piece piece : vaulted.pieces(stretch.timeline(), stretch.from(), stretch.to())) {
                if (piece.start().isAfter(at)) {
                    return at;
                }
                Lsn end = Lsn.earlier(piece.end(), stretch.to());
                if (end.isAfter(at)) {
                    if (!piece(piece, at, end, reader)) {
                        return end;
                    }
                    at = end;
                }
            }
            if (at.isBefore(stretch.to())) {
                return at;
            }
        }
        return at;
    }

    private boolean piece(Piece piece, Lsn from, Lsn to, Reader reader) {
        String object = piece.object(vaulted.cluster());
        try (InputStream stored = vaulted.vault().open(object);
                ZstdInputStream content = new ZstdInputStream(stored)) {
            content.skipNBytes(from.minus(piece.start()));
            long left = to.minus(from);
            boolean more = true;
            while (left > 0 && more) {
                int got = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (got < 0) {
                    throw Words.corrupt("%s in vault %s ends %d bytes early"
                            .formatted(object, vaulted.vault().name(), left));
                }
                more = reader.bytes(buffer, 0, got);
                left -= got;
            }
            if (more && to.equals(piece.end())) {
                if (content.read() >= 0) {
                    throw Words.corrupt("%s in vault %s holds more than its name says"
                            .formatted(object, vaulted.vault().name()));
                }
                // To the end of the object: only then has the vault vouched for it.
                stored.transferTo(OutputStream.nullOutputStream());
            }
            return more;
        } catch (IOException e) {
            throw unreadable(object, e);
        }
    }

    private RuntimeException unreadable(String object, IOException e) {
        String what =
                "reading %s from vault %s".formatted(object, vaulted.vault().name());
        return e instanceof com.github.luben.zstd.ZstdIOException || e instanceof java.io.EOFException
                ? Words.corrupt("%s failed: it is no such piece: %s".formatted(what, e.getMessage()))
                : Words.of(what, e);
    }
}
