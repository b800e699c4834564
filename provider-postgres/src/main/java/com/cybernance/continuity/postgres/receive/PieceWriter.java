package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.pipe.Chunks;
import com.cybernance.continuity.postgres.pipe.PackBehind;
import com.cybernance.continuity.postgres.pipe.WriteBehind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** Writes objects that may be there already, from an attempt that was cut or from another receiver. */
final class PieceWriter {
    private static final int LEVEL = 3;

    private static final PackedPiece THERE = new PackedPiece() {
        @Override
        public void commit() {
            // It was found there, and the same.
        }

        @Override
        public void close() {
            // Nothing was begun.
        }
    };

    private final Vault vault;
    private final Cluster cluster;
    private final Spool spool;
    private final PieceIndexer indexer;
    /** One piece is packed after the other, so they share their buffers. */
    private final Chunks chunks = new Chunks();

    PieceWriter(Vault vault, Cluster cluster, Spool spool) {
        this.vault = vault;
        this.cluster = cluster;
        this.spool = spool;
        this.indexer = new PieceIndexer(cluster, spool.notes().lineage().segmentSize());
    }

    /**
     * Packs a piece for the vault, which has it once it is committed. One that is there already is compared.
     *
     * @param complete what is known of the server at this moment
     * @throws ContinuityException of kind {@code CORRUPT} when the vault has other bytes for it; so does the commit
     */
    PackedPiece pack(Stretch stretch, Piece piece, Optional<PieceIndex.Complete> complete) {
        String object = piece.object(cluster);
        Vault.Draft draft;
        try {
            draft = vault.create(object);
        } catch (ContinuityException e) {
            indexer.forget();
            sameThere(e, stretch, piece);
            return THERE;
        }
        boolean packed = false;
        try {
            pack(stretch, piece, draft);
            Packed made = new Packed(stretch, piece, draft, indexer.index(piece, complete));
            packed = true;
            return made;
        } catch (IOException e) {
            throw failed(object, e);
        } finally {
            if (!packed) {
                indexer.forget();
                draft.close();
            }
        }
    }

    /** Reading, packing and storing have a thread each: whoever packs shall wait for nobody. */
    private void pack(Stretch stretch, Piece piece, Vault.Draft draft) throws IOException {
        try (PackBehind packing = new PackBehind(piece.start().toString(), draft, LEVEL, this::behind)) {
            spool.copy(stretch, piece.start(), piece.end(), indexer.reading(piece, packing));
            packing.finish();
        }
    }

    private WriteBehind behind(String name, OutputStream below) {
        return new WriteBehind(name, below, chunks);
    }

    /** What a vault refuses because its name is taken is there for good, and must be the same. */
    private void sameThere(ContinuityException refusal, Stretch stretch, Piece piece) {
        if (refusal.kind() != FailureKind.CONFLICT) {
            throw refusal;
        }
        compare(stretch, piece);
    }

    /** A piece that is not in the vault yet, whole in its draft. */
    private final class Packed implements PackedPiece {
        private final Stretch stretch;
        private final Piece piece;
        private final Vault.Draft draft;
        private final Optional<PieceIndex> index;

        Packed(Stretch stretch, Piece piece, Vault.Draft draft, Optional<PieceIndex> index) {
            this.stretch = stretch;
            this.piece = piece;
            this.draft = draft;
            this.index = index;
        }

        @Override
        public void commit() {
            Stored stored;
            try {
                stored = draft.commit();
            } catch (ContinuityException e) {
                sameThere(e, stretch, piece);
                return;
            }
            index.ifPresent(known -> put(piece.index(cluster), RecordJson.write(known.ofObject(stored.sha256()))));
        }

        @Override
        public void close() {
            draft.close();
        }
    }

    /** Brings a small object into the vault; false when other content has that name. */
    boolean put(String object, byte[] content) {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(content);
            draft.commit();
            return true;
        } catch (ContinuityException e) {
            if (e.kind() != FailureKind.CONFLICT) {
                throw e;
            }
            return Arrays.equals(content, read(object));
        } catch (IOException e) {
            throw failed(object, e);
        }
    }

    private byte[] read(String object) {
        try (InputStream in = vault.open(object)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw failed(object, e);
        }
    }

    /**
     * Holds a piece that the vault has against what a stretch has of it.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when they differ, or when the piece is not as long as its name
     */
    void compare(Stretch stretch, Piece piece) {
        String object = piece.object(cluster);
        Lsn from = Lsn.later(stretch.start(), piece.start());
        Lsn to = Lsn.earlier(stretch.end(), piece.end());
        try (InputStream there = new ZstdInputStream(vault.open(object))) {
            long before = skip(there, from.minus(piece.start()));
            Compared compared = new Compared(there);
            spool.copy(stretch, from, to, compared);
            long behind = skip(there, Long.MAX_VALUE);
            if (compared.differs || before + to.minus(from) + behind != piece.size()) {
                throw other(object, "bytes other than those that the server sent");
            }
        } catch (ZstdIOException e) {
            throw other(object, "what cannot be unpacked (%s)".formatted(e.getMessage()));
        } catch (IOException e) {
            throw failed(object, e);
        }
    }

    /** Reads that many bytes, or fewer when there are no more. */
    private static long skip(InputStream in, long most) throws IOException {
        byte[] into = new byte[64 << 10];
        long skipped = 0;
        while (skipped < most) {
            int read = in.read(into, 0, (int) Math.min(into.length, most - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    ContinuityException other(String object, String what) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "vault %s has %s in %s".formatted(vault.name(), what, object),
                "nothing more is shipped to it; verify the vault, and find out who else writes to it");
    }

    private ContinuityException failed(String object, IOException e) {
        return new ContinuityException(
                FailureKind.UNEXPECTED,
                "writing %s to vault %s failed: %s".formatted(object, vault.name(), e.getMessage()),
                "see what the vault says; it is tried again",
                e);
    }

    /** Compares what is written to it with what a stream has. */
    private static final class Compared extends OutputStream {
        private final InputStream there;
        private boolean differs;

        Compared(InputStream there) {
            this.there = there;
        }

        @Override
        public void write(int one) throws IOException {
            differs |= there.read() != (one & 0xff);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] other = there.readNBytes(length);
            differs |= !Arrays.equals(bytes, offset, offset + length, other, 0, other.length);
        }
    }
}
