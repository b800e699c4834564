package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.BackupRecord.Method;
import com.cybernance.continuity.postgres.layout.BackupRecord.Part;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.points.MadeLog.Made;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.CommitTally;
import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** A vault with backups and pieces of a made log. */
final class MadeVault {
    static final long SYSTEM = 7_123_456_789_012_345_678L;
    static final Cluster CLUSTER = new Cluster(Long.toString(SYSTEM));

    final MemoryVault vault = new MemoryVault("near");

    BackupRecord backup(MadeLog log, Lsn start, Lsn stop, Instant stopped) {
        Instant started = stopped.minusSeconds(2);
        String id = "%s-%08x-%s"
                .formatted(
                        DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'")
                                .withZone(ZoneOffset.UTC)
                                .format(started),
                        log.timeline(),
                        start.hex());
        byte[] data = ("data of " + id).getBytes(StandardCharsets.UTF_8);
        String name = CLUSTER.base(id) + "data.tar.zst";
        vault.objects.put(name, data);
        BackupRecord backup = new BackupRecord(
                id,
                CLUSTER.system(),
                180_001,
                log.timeline(),
                start,
                stop,
                started,
                stopped,
                "daily",
                "made",
                true,
                1,
                MadeLog.SEGMENT,
                Method.REPLICATION,
                List.of(new Part(name, data.length, MemoryVault.sha256(data), 10)),
                List.of());
        vault.objects.put(CLUSTER.base(id) + "backup.json", RecordJson.write(backup));
        return backup;
    }

    Piece piece(MadeLog log, Lsn from, Lsn to) {
        Piece piece = new Piece(log.timeline(), from, to);
        vault.objects.put(piece.object(CLUSTER), Zstd.compress(log.bytes(from, to), 1));
        return piece;
    }

    void index(MadeLog log, Piece piece, Optional<Complete> complete) {
        CommitTally tally = new CommitTally();
        for (Made made : log.commits()) {
            if (made.lastByte().isAfter(piece.start()) && !made.lastByte().isAfter(piece.end())) {
                Lsn end = new Lsn((made.lastByte().value() + 7) & ~7L);
                tally.accept(new Commit(new CommitMark(made.at(), made.start(), end), 0));
            }
        }
        vault.objects.put(
                piece.index(CLUSTER),
                RecordJson.write(tally.index(
                        piece,
                        MemoryVault.sha256(log.bytes(piece.start(), piece.end())),
                        vault.find(piece.object(CLUSTER)).orElseThrow().sha256(),
                        complete)));
    }

    void history(int timeline, String text) {
        vault.objects.put(CLUSTER.history(timeline), text.getBytes(StandardCharsets.UTF_8));
    }
}
