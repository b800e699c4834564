package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.function.Function;

/** Reads objects of one vault for one cluster, within a deadline. Every failure names the vault and the object. */
final class Reading {
    private final Vault vault;
    private final Cluster cluster;
    private final Deadline deadline;

    Reading(Vault vault, Cluster cluster, Deadline deadline) {
        this.vault = vault;
        this.cluster = cluster;
        this.deadline = deadline;
    }

    Cluster cluster() {
        return cluster;
    }

    Vault vault() {
        return vault;
    }

    /** Called between any two steps that take time. */
    void goOn() {
        if (deadline.remaining().isZero()) {
            throw new ContinuityException(
                    FailureKind.TIMED_OUT,
                    "the look at vault %s did not end in time".formatted(vault.name()),
                    "allow it more time; what was read is remembered for the next look");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new ContinuityException(
                    FailureKind.INTERRUPTED,
                    "the look at vault %s was interrupted".formatted(vault.name()),
                    "look again");
        }
    }

    /** What lists and small objects are listed with; the whole prefix of the cluster. */
    Shelf list() {
        Shelf shelf = new Shelf(cluster);
        vault.list(cluster.prefix(), each -> {
            goOn();
            shelf.add(each);
        });
        shelf.end();
        return shelf;
    }

    /** A record in an object; what is wrong with it is told with the object's name. */
    <T> T record(String object, Function<byte[], T> reader) {
        byte[] bytes = small(object);
        try {
            return reader.apply(bytes);
        } catch (ContinuityException wrong) {
            throw new ContinuityException(
                    wrong.kind(),
                    "object %s of vault %s: %s".formatted(object, vault.name(), without(wrong)),
                    wrong.hint(),
                    wrong);
        }
    }

    byte[] small(String object) {
        goOn();
        try (InputStream content = vault.open(object)) {
            byte[] bytes = content.readNBytes(RecordJson.MOST_BYTES + 1);
            if (bytes.length > RecordJson.MOST_BYTES) {
                throw new ContinuityException(
                        FailureKind.CORRUPT,
                        "object %s of vault %s is longer than %d bytes, which no record is"
                                .formatted(object, vault.name(), RecordJson.MOST_BYTES),
                        "use another copy");
            }
            return bytes;
        } catch (IOException failed) {
            throw failure(object, failed);
        }
    }

    /** The index of a piece where it counts: it names this piece, and the digest that the vault tells of it. */
    Optional<PieceIndex> index(Held held) {
        if (held.index() == null) {
            return Optional.empty();
        }
        PieceIndex index = record(held.piece().index(cluster), RecordJson::readIndex);
        if (!index.piece().equals(held.piece()) || !index.object().equals(held.digest())) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "object %s of vault %s speaks of another piece than the one beside it"
                            .formatted(held.piece().index(cluster), vault.name()),
                    "remove it; the piece itself is read instead");
        }
        return Optional.of(index);
    }

    /** Takes the bytes of a piece, in order and in parts. */
    interface Bytes {
        void next(byte[] bytes, int length);
    }

    /**
     * Reads a whole piece, to its end.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when it is not as long as its name says, maybe after some bytes
     */
    void piece(Piece piece, Bytes each) {
        String object = piece.object(cluster);
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        try (InputStream content = vault.open(object);
                InputStream bytes = new ZstdInputStream(content)) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                length += read;
                if (length > piece.size()) {
                    break;
                }
                each.next(buffer, read);
                goOn();
            }
            if (content.read() >= 0 && length <= piece.size()) {
                length = -1;
            }
        } catch (IOException failed) {
            throw failure(object, failed);
        }
        if (length != piece.size()) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "object %s of vault %s does not hold %d bytes of the log, as its name says"
                            .formatted(object, vault.name(), piece.size()),
                    "use another copy of it");
        }
    }

    private ContinuityException failure(String object, IOException failed) {
        if (failed instanceof InterruptedIOException) {
            return new ContinuityException(
                    FailureKind.INTERRUPTED,
                    "reading object %s of vault %s was interrupted".formatted(object, vault.name()),
                    "look again",
                    failed);
        }
        // A vault's own failures have a kind, so this is the decompressor's.
        return new ContinuityException(
                FailureKind.CORRUPT,
                "object %s of vault %s cannot be decompressed".formatted(object, vault.name()),
                "use another copy of it",
                failed);
    }

    private static String without(ContinuityException wrong) {
        String message = String.valueOf(wrong.getMessage());
        int hint = message.indexOf(". Hint: ");
        return hint < 0 ? message : message.substring(0, hint);
    }
}
