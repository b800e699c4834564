package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.testkit.Seeds;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A log that is received and shipped again and again, each time cut at another call, and what must hold then. */
final class ShippingCase {
    private final Path directory;
    private final Lineage lineage;
    private final Cluster cluster;
    private final Lsn start;
    private final byte[] log;
    private final Beginning beginning;
    private final Supplier<Committing> committing;
    private int runs;

    /** What is in the vault before. */
    @FunctionalInterface
    interface Beginning {
        void fill(MortalVault vault) throws IOException;
    }

    /** What happens at the call, and after it. */
    enum How {
        FAILS(Cut.Mode.FAILS),
        FAILS_WHEN_DONE(Cut.Mode.FAILS_WHEN_DONE),
        DIES_WITH_ITS_MACHINE(Cut.Mode.DIES),
        DIES_AND_LOSES_POWER_LATER(Cut.Mode.DIES),
        DIES_AND_LOSES_ITS_SPOOL(Cut.Mode.DIES);

        private final Cut.Mode mode;

        How(Cut.Mode mode) {
            this.mode = mode;
        }
    }

    ShippingCase(Path directory, Lineage lineage, Lsn start, byte[] log, Beginning beginning) {
        this(directory, lineage, start, log, beginning, Committing::new);
    }

    /** @param committing how the life that is cut commits its pieces; whoever comes next does it right */
    ShippingCase(
            Path directory,
            Lineage lineage,
            Lsn start,
            byte[] log,
            Beginning beginning,
            Supplier<Committing> committing) {
        this.directory = directory;
        this.lineage = lineage;
        this.cluster = new Cluster(lineage.system());
        this.start = start;
        this.log = log;
        this.beginning = beginning;
        this.committing = committing;
    }

    /** How many calls one life has that is not cut. */
    long calls() throws IOException {
        Cut none = new Cut(Cut.Mode.FAILS, 0);
        MortalVault vault = new MortalVault(none, false);
        beginning.fill(vault);
        long before = none.calls();
        life(new CuttingDisk(Seeds.of(1), none), vault, place(), committing).live(Seeds.of(7));
        long calls = none.calls() - before;
        assertComplete(vault, "uncut");
        return calls;
    }

    /**
     * Cuts a life at a call, looks what is left, and lets another one go on.
     *
     * @param lying whether the vault has the planted bug
     * @return the vault in the end
     */
    MortalVault cut(long call, How how, boolean lying) throws IOException {
        String what = "%s, call %d".formatted(how, call);
        Path spool = place();
        MortalVault filled = new MortalVault(new Cut(how.mode, 0), lying);
        beginning.fill(filled);
        Cut cut = new Cut(how.mode, call);
        MortalVault vault = filled.reopened(cut);
        CuttingDisk disk = new CuttingDisk(Seeds.of(call), cut);
        ShippedLife first = life(disk, vault, spool, committing);
        boolean died = false;
        try {
            first.live(Seeds.of(7));
        } catch (ContinuityException e) {
            died = true;
            assertThat(how.mode).as("%s: %s", what, e).isEqualTo(Cut.Mode.DIES);
        }
        // A call that does nothing has nothing that could be done already.
        assertThat(cut.happened() || how == How.FAILS_WHEN_DONE).as(what).isTrue();
        MortalVault after = vault.reopened(new Cut(how.mode, 0));
        if (how == How.DIES_WITH_ITS_MACHINE) {
            disk.losePower();
            after.losePower();
        }
        if (how == How.DIES_AND_LOSES_ITS_SPOOL) {
            spool = place();
        } else if (died || how.mode == Cut.Mode.DIES) {
            assertThat(reach(after, spool))
                    .as("%s: acknowledged, in spool and vault", what)
                    .isGreaterThanOrEqualTo(first.acknowledged());
        }
        life(new LocalSpoolDisk(), after, spool, Committing::new).live(Seeds.of(call));
        after.losePower();
        assertComplete(after, what);
        return after;
    }

    private ShippedLife life(SpoolDisk disk, MortalVault vault, Path spool, Supplier<Committing> how) {
        return new ShippedLife(disk, vault, spool, lineage, start, log, how);
    }

    private Path place() {
        return directory.resolve("spool-" + ++runs);
    }

    /** How many bytes of the log there are from its start on, spool and vault together; what differs from it fails. */
    private long reach(MortalVault vault, Path directory) throws IOException {
        Map<Long, Long> parts = pieces(vault);
        if (Files.exists(directory)) {
            try (Spool spool = Spool.open(new LocalSpoolDisk(), directory, new Signal())) {
                for (Stretch stretch : spool.stretches()) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    spool.copy(stretch, stretch.start(), stretch.end(), bytes);
                    same(stretch.start(), bytes.toByteArray(), stretch.file().toString());
                    parts.merge(stretch.start().value(), stretch.end().value(), Math::max);
                }
            }
        }
        return reach(parts);
    }

    private void assertComplete(MortalVault vault, String what) throws IOException {
        assertThat(reach(pieces(vault)))
                .as("%s: log in the vault without a gap", what)
                .isEqualTo(log.length);
    }

    private long reach(Map<Long, Long> parts) {
        long end = start.value();
        for (Map.Entry<Long, Long> part : parts.entrySet()) {
            if (part.getKey() <= end) {
                end = Math.max(end, part.getValue());
            }
        }
        return end - start.value();
    }

    /** The ranges of all pieces that are listed, each read and compared; every index must belong to its piece. */
    private Map<Long, Long> pieces(MortalVault vault) {
        Map<Long, Long> parts = new TreeMap<>();
        vault.list(cluster.log(), stored -> {
            if (stored.name().endsWith(".json")) {
                PieceIndex index = RecordJson.readIndex(content(vault, stored.name()));
                assertThat(vault.find(index.piece().object(cluster))
                                .orElseThrow()
                                .sha256())
                        .as(stored.name())
                        .isEqualTo(index.object());
                return;
            }
            Piece piece = Piece.of(cluster, stored.name()).orElseThrow();
            same(piece.start(), unpacked(vault, stored.name()), stored.name());
            parts.merge(piece.start().value(), piece.end().value(), Math::max);
        });
        return parts;
    }

    private void same(Lsn at, byte[] bytes, String where) {
        int from = (int) at.minus(start);
        assertThat(Arrays.mismatch(log, from, from + bytes.length, bytes, 0, bytes.length))
                .as("first byte of %s that is not the log's", where)
                .isEqualTo(-1);
    }

    private static byte[] unpacked(MortalVault vault, String object) {
        try (InputStream in = new ZstdInputStream(vault.open(object))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] content(MortalVault vault, String object) {
        try (InputStream in = vault.open(object)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
