package com.cybernance.continuity.postgres.layout;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What is in a piece of the log: a cache, written by whoever read the piece from the record on that it begins with, or
 * begins within. It belongs to a piece only when the piece's object has the digest that it names.
 *
 * @param piece which one
 * @param sha256 digest of the piece's bytes before compression, in lower-case hex
 * @param object digest of the piece's object, as the vault tells it of what it holds
 * @param commits how many commit records have their last byte in the piece
 * @param firstCommit the first of them in the order of the log; empty when there is none
 * @param lastCommit the last of them in the order of the log; empty when there is none
 * @param newestCommit the first of those with the greatest time; empty when there is none
 * @param oldestCommit the first of those with the smallest time; empty when there is none
 * @param complete what was known of the server when the piece was durable; may be empty
 */
public record PieceIndex(
        Piece piece,
        String sha256,
        String object,
        long commits,
        Optional<CommitMark> firstCommit,
        Optional<CommitMark> lastCommit,
        Optional<CommitMark> newestCommit,
        Optional<CommitMark> oldestCommit,
        Optional<Complete> complete) {
    public PieceIndex {
        requireNonNull(piece, "piece");
        requireNonNull(sha256, "sha256");
        requireNonNull(object, "object");
        requireNonNull(complete, "complete");
        if (commits < 0
                || firstCommit.isPresent() != (commits > 0)
                || lastCommit.isPresent() != (commits > 0)
                || newestCommit.isPresent() != (commits > 0)
                || oldestCommit.isPresent() != (commits > 0)) {
            throw new IllegalArgumentException(
                    "%d commits, and first, last, newest and oldest must be there exactly when there is one"
                            .formatted(commits));
        }
        if (commits > 0 && firstCommit.get().start().isAfter(lastCommit.get().start())) {
            throw new IllegalArgumentException("the first commit lies behind the last one");
        }
    }

    /** The same of the piece's object with that digest, which is known only once the vault has it. */
    public PieceIndex ofObject(String digest) {
        return new PieceIndex(
                piece, sha256, digest, commits, firstCommit, lastCommit, newestCommit, oldestCommit, complete);
    }

    /**
     * Everything that the server had durable when its clock showed {@code at} is at or before {@code position}, and the
     * vault had it.
     */
    public record Complete(Instant at, Lsn position) {
        public Complete {
            requireNonNull(at, "at");
            requireNonNull(position, "position");
        }
    }
}
