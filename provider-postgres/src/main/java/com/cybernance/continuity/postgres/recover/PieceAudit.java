package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads pieces of the log whole and holds each against its name, its index and the pieces that overlap it. */
final class PieceAudit {
    private final VaultedCluster vaulted;
    private final int segmentSize;
    private final List<Defect> defects;
    private final Map<Piece, String> digests = new HashMap<>();
    private Lsn complete = Lsn.ZERO;
    private byte[] segment = new byte[0];
    private Lsn segmentStart = Lsn.ZERO;
    private int segmentTimeline;
    private int known;

    PieceAudit(VaultedCluster vaulted, int segmentSize, List<Defect> defects) {
        this.vaulted = vaulted;
        this.segmentSize = segmentSize;
        this.defects = defects;
    }

    /** Names below the log that are none. */
    void names() {
        String prefix = vaulted.cluster().log();
        for (String name : vaulted.objects().subMap(prefix, prefix + "~").keySet()) {
            if (pieceOf(name).isEmpty()) {
                defects.add(new Defect(name, "", "no piece of the log has such a name"));
            }
        }
    }

    /** A piece's bytes; empty when they are not what its name says. Pieces come by their start. */
    Optional<byte[]> read(Piece piece) {
        String object = piece.object(vaulted.cluster());
        if (!piece.within(segmentSize)) {
            defects.add(new Defect(object, "", "it does not lie within one log file"));
            return Optional.empty();
        }
        byte[] bytes = new byte[(int) piece.size()];
        try (InputStream stored = vaulted.vault().open(object);
                ZstdInputStream content = new ZstdInputStream(stored)) {
            int got = content.readNBytes(bytes, 0, bytes.length);
            if (got < bytes.length || content.read() >= 0) {
                defects.add(new Defect(
                        object,
                        "",
                        "it holds %s than the %d bytes of its name"
                                .formatted(got < bytes.length ? "less" : "more", bytes.length)));
                return Optional.empty();
            }
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, object, "", e);
            return Optional.empty();
        } catch (IOException e) {
            defects.add(new Defect(object, "", "it cannot be unpacked: " + e.getMessage()));
            return Optional.empty();
        }
        digests.put(piece, sha256(bytes));
        return overlaps(piece, bytes, object) ? Optional.empty() : Optional.of(bytes);
    }

    /** What the indexes of a timeline say that is not so; those of pieces that are not there as well. */
    void indexes(int timeline, Lsn from) {
        String prefix = vaulted.cluster().log(timeline);
        for (String name : vaulted.objects().subMap(prefix, prefix + "~").keySet()) {
            Optional<Piece> piece = name.endsWith(".json") ? pieceOf(name) : Optional.empty();
            if (piece.isPresent() && piece.get().end().isAfter(from)) {
                index(name, piece.get());
            }
        }
    }

    /** How far the newest index says that the server's log was had. */
    Lsn completeUpTo(int timeline) {
        String prefix = vaulted.cluster().log(timeline);
        for (String name : vaulted.objects().subMap(prefix, prefix + "~").keySet()) {
            if (name.endsWith(".json") && pieceOf(name).isPresent()) {
                Lsn said =
                        vaulted.index(name).map(PieceIndex.Complete::position).orElse(Lsn.ZERO);
                complete = Lsn.later(complete, said);
            }
        }
        return complete;
    }

    private void index(String name, Piece piece) {
        String object = piece.object(vaulted.cluster());
        if (vaulted.find(object).isEmpty()) {
            defects.add(new Defect(object, "", "the piece is missing, and its index is there"));
            return;
        }
        try {
            PieceIndex index = RecordJson.readIndex(vaulted.read(name, RecordJson.MOST_BYTES));
            String actual = digests.getOrDefault(piece, index.sha256());
            if (!index.piece().equals(piece) || !index.sha256().equals(actual)) {
                defects.add(new Defect(
                        name,
                        "sha256",
                        "it is the index of %s with digest %s, expected %s with %s"
                                .formatted(index.piece(), index.sha256(), piece, actual)));
            }
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, name, "", e);
        }
    }

    /** Whether the piece contradicts another one; keeps its bytes for the next ones. */
    private boolean overlaps(Piece piece, byte[] bytes, String object) {
        Lsn start = piece.start().segmentStart(segmentSize);
        if (!start.equals(segmentStart) || segmentTimeline != piece.timeline()) {
            segment = segment.length == segmentSize ? segment : new byte[segmentSize];
            segmentStart = start;
            segmentTimeline = piece.timeline();
            known = 0;
        }
        int offset = (int) piece.start().minus(start);
        int shared = Math.max(0, Math.min(known, offset + bytes.length) - offset);
        // After a gap nothing before it is known, and what lies in the array there is never compared.
        boolean differs = shared > 0 && !Arrays.equals(segment, offset, offset + shared, bytes, 0, shared);
        if (differs) {
            int first = Arrays.mismatch(segment, offset, offset + shared, bytes, 0, shared);
            defects.add(new Defect(
                    object, piece.start().plus(first).toString(), "its bytes differ from those of another piece"));
        } else {
            System.arraycopy(bytes, 0, segment, offset, bytes.length);
            known = Math.max(known, offset + bytes.length);
        }
        return differs;
    }

    private Optional<Piece> pieceOf(String name) {
        return Piece.of(vaulted.cluster(), name.replaceFirst("\\.json$", ".wal.zst"));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
