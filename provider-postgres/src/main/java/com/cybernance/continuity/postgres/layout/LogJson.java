package com.cybernance.continuity.postgres.layout;

import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What is said of ranges of the log, to and from JSON. */
final class LogJson {
    private LogJson() {}

    static ObjectNode tree(ObjectNode tree, PieceIndex index) {
        tree.put("timeline", index.piece().timeline())
                .put("start", index.piece().start().hex())
                .put("end", index.piece().end().hex())
                .put("sha256", index.sha256())
                .put("object", index.object())
                .put("commits", index.commits());
        commit(tree, "firstCommit", index.firstCommit());
        commit(tree, "lastCommit", index.lastCommit());
        commit(tree, "newestCommit", index.newestCommit());
        commit(tree, "oldestCommit", index.oldestCommit());
        if (index.complete().isPresent()) {
            Complete complete = index.complete().get();
            tree.putObject("complete")
                    .put("at", Fields.time(complete.at()))
                    .put("position", complete.position().hex());
        } else {
            tree.putNull("complete");
        }
        return tree;
    }

    static PieceIndex readIndex(Fields fields) {
        Lsn start = fields.position("start");
        Lsn end = fields.position("end");
        if (!start.isBefore(end)) {
            throw fields.wrong("end", "a position after start");
        }
        Piece piece = new Piece(fields.number("timeline", 1), start, end);
        long commits = fields.number("commits", 0, piece.size());
        Optional<CommitMark> last = commit(fields, piece, "lastCommit");
        Optional<CommitMark> first = commit(fields, piece, "firstCommit");
        Optional<CommitMark> newest = commit(fields, piece, "newestCommit");
        Optional<CommitMark> oldest = commit(fields, piece, "oldestCommit");
        if (first.isPresent() != (commits > 0)
                || last.isPresent() != first.isPresent()
                || newest.isPresent() != first.isPresent()
                || oldest.isPresent() != first.isPresent()) {
            throw fields.wrong("commits", "a first, a last, a newest and an oldest commit exactly when there is one");
        }
        if (first.isPresent()
                && (first.get().start().isAfter(newest.orElseThrow().start())
                        || newest.get().start().isAfter(last.orElseThrow().start()))) {
            throw fields.wrong("newestCommit", "a position from the first commit to the last");
        }
        return new PieceIndex(
                piece,
                fields.sha256("sha256"),
                fields.sha256("object"),
                commits,
                first,
                last,
                newest,
                oldest,
                fields.maybe("complete").map(each -> new Complete(each.time("at"), each.position("position"))));
    }

    static ObjectNode tree(ObjectNode tree, Hole hole) {
        return tree.put("timeline", hole.timeline())
                .put("from", hole.from().hex())
                .put("to", hole.to().hex())
                .put("why", hole.why())
                .put("noticedAt", Fields.time(hole.noticedAt()));
    }

    static Hole readHole(Fields fields) {
        Lsn from = fields.position("from");
        Lsn to = fields.position("to");
        if (!from.isBefore(to)) {
            throw fields.wrong("to", "a position after from");
        }
        return new Hole(fields.number("timeline", 1), from, to, fields.text("why"), fields.time("noticedAt"));
    }

    private static void commit(ObjectNode tree, String name, Optional<CommitMark> commit) {
        if (commit.isEmpty()) {
            tree.putNull(name);
            return;
        }
        tree.putObject(name)
                .put("at", Fields.time(commit.get().at()))
                .put("start", commit.get().start().hex())
                .put("end", commit.get().end().hex());
    }

    private static Optional<CommitMark> commit(Fields fields, Piece piece, String name) {
        Optional<Fields> there = fields.maybe(name);
        if (there.isEmpty()) {
            return Optional.empty();
        }
        Fields commit = there.get();
        Lsn start = commit.position("start");
        Lsn end = commit.position("end");
        if (!start.isBefore(end) || !end.isAfter(piece.start()) || end.minus(piece.end()) >= 8) {
            throw commit.wrong("end", "an end after start and within the piece");
        }
        return Optional.of(new CommitMark(commit.time("at"), start, end));
    }
}
