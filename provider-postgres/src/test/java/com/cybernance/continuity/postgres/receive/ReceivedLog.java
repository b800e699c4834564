package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.LogReader;
import com.cybernance.continuity.postgres.wal.LogStop;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a receiver has of timeline 1, spool and vault together, as the log files that a server replays. Each look goes on
 * where the last one ended.
 */
final class ReceivedLog {
    private final Cluster cluster;
    private final Vault vault;
    private final Path spool;
    private final Path files;
    private final Set<Long> transactions = new HashSet<>();
    private final LogReader reader;
    private int looks;

    /**
     * @param spool the receiver's
     * @param files where the log files are made
     * @param from the start of a segment
     */
    ReceivedLog(Cluster cluster, Vault vault, Path spool, Path files, Lsn from) {
        this.cluster = cluster;
        this.vault = vault;
        this.spool = spool;
        this.files = files;
        this.reader =
                LogReader.anywhere(cluster, VaultedLog.SEGMENT, 1, from, commit -> transactions.add(commit.xid()));
    }

    /** The transactions whose commits are in what was received. */
    Set<Long> transactions() {
        return transactions;
    }

    /** Takes over what has come since. A receiver that lives keeps its spool, so it is looked at in a copy. */
    void look(boolean receiverLives) throws IOException {
        Path there = receiverLives ? copied() : spool;
        // A piece leaves the spool only when the vault has it, so the vault is asked second.
        try (Spool open = Spool.open(new LocalSpoolDisk(), there, new Signal())) {
            List<Piece> pieces = new ArrayList<>();
            vault.list(
                    cluster.log(1), stored -> Piece.of(cluster, stored.name()).ifPresent(pieces::add));
            for (byte[] next = next(open, pieces); next.length > 0; next = next(open, pieces)) {
                keep(reader.position(), next);
                reader.feed(next);
                assertThat(reader.stop().reason()).as(reader.stop().toString()).isEqualTo(LogStop.Reason.END_OF_DATA);
            }
            if (open.end().isPresent()) {
                assertThat(reader.position())
                        .as("end of the received log without a gap")
                        .isEqualTo(open.end().get().at());
            }
        }
    }

    private Path copied() throws IOException {
        Path copy = spool.resolveSibling("spool-" + ++looks);
        Files.createDirectory(copy);
        List<Path> all;
        try (Stream<Path> names = Files.list(spool)) {
            all = names.filter(each -> !each.endsWith("lock")).sorted().toList();
        }
        for (Path each : all) {
            try {
                Files.copy(each, copy.resolve(each.getFileName()));
            } catch (NoSuchFileException shippedMeanwhile) {
                // The vault has it.
            }
        }
        return copy;
    }

    private byte[] next(Spool open, List<Piece> pieces) throws IOException {
        Lsn from = reader.position();
        for (Stretch stretch : open.stretches()) {
            if (!from.isBefore(stretch.start()) && from.isBefore(stretch.end())) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                open.copy(stretch, from, stretch.end(), bytes);
                return bytes.toByteArray();
            }
        }
        for (Piece piece : pieces) {
            if (!from.isBefore(piece.start()) && from.isBefore(piece.end())) {
                try (InputStream in = new ZstdInputStream(vault.open(piece.object(cluster)))) {
                    in.skipNBytes(from.minus(piece.start()));
                    return in.readAllBytes();
                }
            }
        }
        return new byte[0];
    }

    /** Spool files and pieces lie within a segment each. */
    private void keep(Lsn at, byte[] log) throws IOException {
        Lsn segment = at.segmentStart(VaultedLog.SEGMENT);
        try (RandomAccessFile file = new RandomAccessFile(
                files.resolve(VaultedLog.fileName(1, segment)).toFile(), "rw")) {
            file.setLength(VaultedLog.SEGMENT);
            file.seek(at.minus(segment));
            file.write(log);
        }
    }
}
