package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Reads the log of a vault from end to end, over pieces and timelines; each piece whole. For one thread. */
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

    /**
     * Reads every part, as long as the reader wants, and hands over what lies behind a position.
     *
     * @throws Rotten when a piece cannot be read or is not what its name says, maybe after some of its bytes
     */
    void read(List<LogRoute.Part> parts, Lsn from, Reader reader) {
        for (LogRoute.Part part : parts) {
            reader.timeline(part.piece().timeline());
            if (!one(part, Lsn.later(from, part.from()), reader)) {
                return;
            }
        }
    }

    private boolean one(LogRoute.Part part, Lsn from, Reader reader) {
        Piece piece = part.piece();
        String object = piece.object(vaulted.cluster());
        try (InputStream stored = vaulted.vault().open(object);
                ZstdInputStream content = new ZstdInputStream(stored)) {
            Lsn at = piece.start();
            for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
                Lsn end = at.plus(got);
                if (end.isAfter(piece.end())) {
                    throw wrong(object, "holds more than its name says");
                }
                Lsn first = Lsn.later(at, from);
                long length = Lsn.earlier(end, part.to()).minus(first);
                if (length > 0 && !reader.bytes(buffer, (int) first.minus(at), (int) length)) {
                    return false;
                }
                at = end;
            }
            if (at.isBefore(piece.end())) {
                throw wrong(object, "ends %d bytes early".formatted(piece.end().minus(at)));
            }
            // To the end of the object: only then has the vault vouched for it.
            stored.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (ZstdIOException | EOFException e) {
            throw new Rotten(piece, wrong(object, "cannot be unpacked: " + e.getMessage()));
        } catch (ContinuityException e) {
            boolean rotten = e.kind() == FailureKind.CORRUPT || e.kind() == FailureKind.NOT_FOUND;
            throw rotten ? new Rotten(piece, e) : e;
        } catch (IOException e) {
            throw Words.of(
                    "reading %s from vault %s".formatted(object, vaulted.vault().name()), e);
        }
    }

    private ContinuityException wrong(String object, String what) {
        return Words.corrupt(
                "%s in vault %s %s".formatted(object, vaulted.vault().name(), what));
    }
}
