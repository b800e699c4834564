package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings log of one timeline into a vault by reading the server's own segment files. What the server has made durable does
 * not change in them any more, until it removes them. For one thread.
 */
final class SqlLog {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** On a standby the log that it has replayed is surely durable there. */
    private static final String DURABLE = "SELECT (CASE WHEN pg_catalog.pg_is_in_recovery()"
            + " THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_flush_lsn() END)::text";

    private final SqlSession session;
    private final SqlFile files;
    private final Patience patience;
    private final Vault vault;
    private final Cluster cluster;
    private final int level;
    private final int timeline;
    private final int segmentSize;
    private Lsn followed;
    private boolean listed;
    private long looked;

    /** @param from the start of the segment that the backup begins in */
    SqlLog(
            SqlSession session,
            Patience patience,
            Vault vault,
            Cluster cluster,
            int level,
            int timeline,
            int segmentSize,
            Lsn from) {
        this.session = session;
        this.files = new SqlFile(session);
        this.patience = patience;
        this.vault = vault;
        this.cluster = cluster;
        this.level = level;
        this.timeline = timeline;
        this.segmentSize = segmentSize;
        this.followed = from;
        this.looked = patience.now();
    }

    /** Brings the segments that ended meanwhile and that the vault lacks, before the server removes them. Looks once a second. */
    void follow() throws IOException {
        if (patience.now() - looked < Duration.ofSeconds(1).toNanos()) {
            return;
        }
        Lsn ended = durable().segmentStart(segmentSize);
        while (followed.isBefore(ended) && isOver(followed)) {
            Piece segment = new Piece(timeline, followed, followed.plus(segmentSize));
            if (!listed) {
                bring(segment.end());
                listed = true;
            } else if (vault.find(segment.object(cluster)).isEmpty()) {
                // Listing all of the log each time would take ever longer. What somebody ships in parts comes twice.
                piece(segment);
            }
            followed = segment.end();
        }
        looked = patience.now();
    }

    /** Brings all that the vault lacks up to a position that the server has written. */
    void upTo(Lsn to) throws IOException {
        long since = patience.now();
        while (durable().isBefore(to)) {
            if (!patience.pause(since, LONGEST_WAIT)) {
                throw new ContinuityException(
                        FailureKind.TIMED_OUT,
                        "the server did not make its log durable up to %s within %d s"
                                .formatted(to, LONGEST_WAIT.toSeconds()),
                        "see whether its disk hangs");
            }
        }
        bring(to);
    }

    void fetch(LogCoverage.Gap gap) throws IOException {
        Lsn at = gap.from();
        while (at.isBefore(gap.to())) {
            Lsn end = Lsn.earlier(gap.to(), at.segmentStart(segmentSize).plus(segmentSize));
            piece(new Piece(timeline, at, end));
            at = end;
        }
    }

    private void bring(Lsn to) throws IOException {
        if (!followed.isBefore(to)) {
            return;
        }
        for (LogCoverage.Gap gap : LogCoverage.of(vault, cluster, timeline, segmentSize, followed, to)
                .gaps()) {
            fetch(gap);
        }
        followed = to;
    }

    /**
     * Whether a segment is full, as the next one begins on this timeline, or is not there any more. Otherwise a standby may
     * have gone on to another timeline within it, and its file is no log from there on.
     */
    private boolean isOver(Lsn segment) {
        Lsn next = segment.plus(segmentSize);
        byte[] head = files.read("pg_wal/" + fileName(next), 0, LogPages.HEAD).orElse(new byte[0]);
        if (head.length == 0) {
            return files.read("pg_wal/" + fileName(segment), 0, 1).isEmpty();
        }
        try {
            new LogPages(
                            cluster.system(),
                            segmentSize,
                            next,
                            why -> new ContinuityException(FailureKind.NOT_FOUND, why, "look again later"))
                    .feed(head, 0, head.length);
            return head.length == LogPages.HEAD;
        } catch (ContinuityException noLogYet) {
            return false;
        }
    }

    private Lsn durable() {
        return Lsn.parse(session.one("asking for the end of the log", DURABLE, row -> row.text(1)));
    }

    private void piece(Piece piece) throws IOException {
        Lsn segment = piece.start().segmentStart(segmentSize);
        String path = "pg_wal/" + fileName(segment);
        LogPages pages = new LogPages(cluster.system(), segmentSize, piece.start(), why -> gone(piece, why));
        try (@Nullable Packed into = NewPiece.begin(vault, cluster, piece, level)) {
            if (into == null) {
                return;
            }
            while (pages.at().isBefore(piece.end())) {
                patience.check();
                int length = (int) Math.min(SqlFile.CHUNK, piece.end().minus(pages.at()));
                Optional<byte[]> read = files.read(path, pages.at().minus(segment), length);
                byte[] bytes = read.orElseThrow(() -> gone(piece, path + " is not there any more"));
                if (bytes.length != length) {
                    throw gone(piece, path + " is shorter than a segment");
                }
                pages.feed(bytes, 0, length);
                into.write(bytes, 0, length);
            }
            NewPiece.commit(into);
        }
    }

    private String fileName(Lsn segment) {
        long number = Long.divideUnsigned(segment.value(), segmentSize);
        long perName = 0x1_0000_0000L / segmentSize;
        return "%08X%08X%08X".formatted(timeline, number / perName, number % perName);
    }

    private static ContinuityException gone(Piece piece, String why) {
        return new ContinuityException(
                FailureKind.NOT_FOUND,
                "the log from %s to %s, which the backup needs, can be had neither from the vault nor from the server: %s"
                        .formatted(piece.start(), piece.end(), why),
                "let a LogReceiver ship into this vault, give the role REPLICATION so that a slot keeps the log,"
                        + " or raise wal_keep_size; then take the backup again");
    }
}
