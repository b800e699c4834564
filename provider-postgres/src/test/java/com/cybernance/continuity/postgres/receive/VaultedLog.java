package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The log of one timeline as a vault has it, put together the way that the format says. */
final class VaultedLog {
    static final int SEGMENT = 16 << 20;

    private final int timeline;
    private final Lsn start;
    private final byte[] bytes;

    private VaultedLog(int timeline, Lsn start, byte[] bytes) {
        this.timeline = timeline;
        this.start = start;
        this.bytes = bytes;
    }

    /** Fails where there is a gap, or where overlapping pieces differ. */
    static VaultedLog of(Vault vault, String system, int timeline) {
        SortedMap<Lsn, byte[]> pieces = pieces(vault, system, timeline);
        assertThat(pieces).as("pieces of timeline %d in %s", timeline, vault).isNotEmpty();
        Lsn start = pieces.firstKey();
        Lsn end = pieces.entrySet().stream()
                .map(piece -> piece.getKey().plus(piece.getValue().length))
                .max(Lsn::compareTo)
                .orElse(start);
        byte[] all = new byte[(int) end.minus(start)];
        int size = 0;
        for (Map.Entry<Lsn, byte[]> piece : pieces.entrySet()) {
            byte[] log = piece.getValue();
            int at = (int) piece.getKey().minus(start);
            assertThat(at).as("position of the piece at %s", piece.getKey()).isLessThanOrEqualTo(size);
            int overlap = Math.min(size - at, log.length);
            assertThat(Arrays.equals(all, at, at + overlap, log, 0, overlap))
                    .as("overlap at %s is the same", piece.getKey())
                    .isTrue();
            System.arraycopy(log, 0, all, at, log.length);
            size = Math.max(size, at + log.length);
        }
        return new VaultedLog(timeline, start, all);
    }

    /** Where each piece begins, and its bytes; of two that begin at one position, the longer one. */
    static SortedMap<Lsn, byte[]> pieces(Vault vault, String system, int timeline) {
        Cluster cluster = new Cluster(system);
        SortedMap<Lsn, byte[]> pieces = new TreeMap<>();
        vault.list(cluster.log(timeline), stored -> {
            Optional<Piece> piece = Piece.of(cluster, stored.name());
            if (piece.isPresent()) {
                byte[] log = unpacked(vault, stored.name());
                assertThat(log).as(stored.name()).hasSize((int) piece.get().size());
                assertThat(piece.get().start().segmentStart(SEGMENT))
                        .isEqualTo(piece.get().end().plus(-1).segmentStart(SEGMENT));
                pieces.merge(piece.get().start(), log, (one, other) -> one.length > other.length ? one : other);
            }
        });
        return pieces;
    }

    /** Whether a vault has a piece that ends at or behind a position. */
    static boolean reaches(Vault vault, String system, int timeline, Lsn to) {
        Cluster cluster = new Cluster(system);
        boolean[] reached = new boolean[1];
        vault.list(cluster.log(timeline), stored -> Piece.of(cluster, stored.name())
                .ifPresent(piece -> reached[0] |= !piece.end().isBefore(to)));
        return reached[0];
    }

    Lsn start() {
        return start;
    }

    Lsn end() {
        return start.plus(bytes.length);
    }

    byte[] copy(Lsn from, Lsn to) {
        return Arrays.copyOfRange(bytes, (int) from.minus(start), (int) to.minus(start));
    }

    /** Fails unless every segment is, as far as it is here, what the server's own file has. */
    void assertSameAs(Path dataDirectory) {
        List<String> compared = new java.util.ArrayList<>();
        for (Lsn at = start; at.isBefore(end()); ) {
            Lsn segment = at.segmentStart(SEGMENT);
            Lsn to = Lsn.earlier(end(), segment.plus(SEGMENT));
            Path file = dataDirectory.resolve("pg_wal").resolve(fileName(timeline, segment));
            if (Files.exists(file)) {
                byte[] theirs = read(file);
                int from = (int) at.minus(segment);
                int length = (int) to.minus(at);
                int ours = (int) at.minus(start);
                assertThat(Arrays.mismatch(bytes, ours, ours + length, theirs, from, from + length))
                        .as("first byte after %s that differs in %s", at, file)
                        .isEqualTo(-1);
                compared.add(file.getFileName().toString());
            }
            at = to;
        }
        assertThat(compared).as("segments that the server still has").isNotEmpty();
    }

    static String fileName(int timeline, Lsn segment) {
        long number = segment.value() / SEGMENT;
        long each = 0x1_0000_0000L / SEGMENT;
        return "%08X%08X%08X".formatted(timeline, number / each, number % each);
    }

    private static byte[] unpacked(Vault vault, String object) {
        try (InputStream in = new ZstdInputStream(vault.open(object))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
