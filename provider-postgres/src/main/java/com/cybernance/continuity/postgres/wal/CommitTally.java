package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts commits in the order of the log, and keeps the first, the last, the newest and the oldest. Not thread-safe. */
public final class CommitTally implements Consumer<Commit> {
    private long commits;
    private @Nullable CommitMark first;
    private @Nullable CommitMark last;
    private @Nullable CommitMark newest;
    private @Nullable CommitMark oldest;

    @Override
    public void accept(Commit commit) {
        CommitMark mark = commit.mark();
        commits++;
        if (first == null) {
            first = mark;
        }
        last = mark;
        if (newest == null || mark.at().isAfter(newest.at())) {
            newest = mark;
        }
        if (oldest == null || mark.at().isBefore(oldest.at())) {
            oldest = mark;
        }
    }

    /** Forgets everything, for the next piece. */
    public void clear() {
        commits = 0;
        first = null;
        last = null;
        newest = null;
        oldest = null;
    }

    public long commits() {
        return commits;
    }

    public Optional<CommitMark> first() {
        return Optional.ofNullable(first);
    }

    public Optional<CommitMark> last() {
        return Optional.ofNullable(last);
    }

    /** The first of those with the greatest time. */
    public Optional<CommitMark> newest() {
        return Optional.ofNullable(newest);
    }

    /** The first of those with the smallest time. */
    public Optional<CommitMark> oldest() {
        return Optional.ofNullable(oldest);
    }

    /**
     * The index of a piece whose commits were counted here, by a reader that knew its place when the piece began.
     *
     * @param sha256 digest of the piece's bytes before compression
     * @param object digest of its object, as the vault told it
     */
    public PieceIndex index(Piece piece, String sha256, String object, Optional<PieceIndex.Complete> complete) {
        return new PieceIndex(piece, sha256, object, commits, first(), last(), newest(), oldest(), complete);
    }
}
