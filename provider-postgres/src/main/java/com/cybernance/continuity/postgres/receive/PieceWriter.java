package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.pipe.WriteBehind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** Writes objects that may be there already, from an attempt that was cut or from another receiver. */
final class PieceWriter {
    private static final int LEVEL = 3;

    private final Vault vault;
    private final Cluster cluster;
    private final Spool spool;
    private final PieceIndexer indexer;

    PieceWriter(Vault vault, Cluster cluster, Spool spool) {
        this.vault = vault;
        this.cluster = cluster;
        this.spool = spool;
        this.indexer = new PieceIndexer(cluster, spool.notes().lineage().segmentSize());
    }

    /**
     * Brings a piece into the vault, and what is in it.
     *
     * @param complete what is known of the server at this moment
     * @throws ContinuityException of kind {@code CORRUPT} when the vault has other bytes for it
     */
    void ship(Stretch stretch, Piece piece, Optional<PieceIndex.Complete> complete) {
        String object = piece.object(cluster);
        Stored stored;
        try (Vault.Draft draft = vault.create(object)) {
            try (OutputStream packed = packed(draft);
                    WriteBehind behind = new WriteBehind("continuity-pack " + object, packed)) {
                spool.copy(stretch, piece.start(), piece.end(), indexer.reading(piece, behind));
                behind.finish();
            }
            stored = draft.commit();
        } catch (ContinuityException e) {
            indexer.forget();
            if (e.kind() != FailureKind.CONFLICT) {
                throw e;
            }
            compare(stretch, piece, object);
            return;
        } catch (IOException e) {
            indexer.forget();
            throw failed(object, e);
        }
        indexer.index(piece, stored.sha256(), complete)
                .ifPresent(index -> put(piece.index(cluster), RecordJson.write(index)));
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

    private static OutputStream packed(Vault.Draft draft) throws IOException {
        ZstdOutputStream packed = new ZstdOutputStream(
                new FilterOutputStream(draft) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    public void close() throws IOException {
                        // The draft lives on: it must still be committed.
                        flush();
                    }
                },
                LEVEL);
        packed.setChecksum(true);
        return packed;
    }

    private void compare(Stretch stretch, Piece piece, String object) {
        try (InputStream there = new ZstdInputStream(vault.open(object))) {
            Compared compared = new Compared(there);
            spool.copy(stretch, piece.start(), piece.end(), compared);
            if (compared.differs || there.read() >= 0) {
                throw other(object, "bytes other than those that the server sent");
            }
        } catch (IOException e) {
            throw failed(object, e);
        }
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
