package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log that a copy cannot do without, as it is in the vault: from the beginning of the segment that it starts in, up to
 * its stop.
 */
record NeededLog(Vault vault, Cluster cluster, int timeline, int segmentSize, Lsn from, Lsn to) {
    /** A record begins behind the head of a page. */
    private static final int PAGE_HEAD = 24;

    static NeededLog of(Vault vault, Cluster cluster, Copied copied) {
        int segmentSize = copied.control().segmentSize();
        return new NeededLog(
                vault,
                cluster,
                copied.timeline(),
                segmentSize,
                copied.start().segmentStart(segmentSize),
                copied.stop());
    }

    /** By the names alone. */
    LogCoverage coverage() {
        return LogCoverage.of(vault, cluster, timeline, segmentSize, from, to);
    }

    /** The pieces that are listed and not there for good: whoever shipped them died meanwhile. */
    List<LogCoverage.Gap> lost() {
        List<LogCoverage.Gap> gaps = new ArrayList<>();
        for (Piece piece : coverage().pieces()) {
            if (!Kept.surely(vault, piece.object(cluster))) {
                gaps.add(new LogCoverage.Gap(piece.start(), piece.end()));
            }
        }
        return gaps;
    }

    /**
     * Fails unless all of it is in the vault for good, and each piece of it was read to its end and found to be log from
     * there. A piece that is not cannot be replaced under its name, and whoever restores would meet it, so it is told.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND}, {@code CORRUPT}, or {@code CONFLICT} for a recorded hole
     */
    void require() throws IOException {
        LogCoverage coverage = coverage();
        if (!coverage.whole()) {
            LogCoverage.Gap gap = coverage.gaps().get(0);
            throw missing("the log from %s to %s is not in vault %s".formatted(gap.from(), gap.to(), vault.name()));
        }
        @Nullable LogPages before = null;
        for (Piece piece : coverage.pieces()) {
            if (!Kept.surely(vault, piece.object(cluster))) {
                throw missing("%s was listed and is not in vault %s".formatted(piece.object(cluster), vault.name()));
            }
            before = read(piece, before);
        }
        KnownHoles.refuse(vault, cluster, timeline, from, to);
    }

    private LogPages read(Piece piece, @Nullable LogPages before) throws IOException {
        LogPages pages = new LogPages(cluster.system(), segmentSize, piece.start(), why -> bad(piece, why));
        if (before != null) {
            pages.behind(before);
        }
        try (InputStream object = new RefusedBytes(
                () -> vault.open(piece.object(cluster)), refused -> bad(piece, "the vault says: " + words(refused)))) {
            unpack(object, piece, pages);
        }
        if (!pages.at().equals(piece.end())) {
            throw bad(piece, "it ends at %s".formatted(pages.at()));
        }
        Lsn empty = pages.firstEmpty();
        // What the server leaves empty is behind all that it wrote in the segment, and so behind the stop.
        if (empty != null
                && empty.plus(PAGE_HEAD).isBefore(to)
                && empty.segmentStart(segmentSize).equals(to.segmentStart(segmentSize))) {
            throw bad(piece, "the page at %s is empty, and the backup needs the log up to %s".formatted(empty, to));
        }
        return pages;
    }

    private void unpack(InputStream object, Piece piece, LogPages pages) throws IOException {
        byte[] bytes = new byte[1 << 16];
        try (ZstdInputStream unpacked = new ZstdInputStream(object)) {
            for (int got = unpacked.read(bytes); got >= 0; got = unpacked.read(bytes)) {
                if (pages.at().plus(got).isAfter(piece.end())) {
                    throw bad(piece, "it goes on behind its end");
                }
                pages.feed(bytes, 0, got);
            }
            // Only its end tells the vault that the object is whole.
            object.transferTo(OutputStream.nullOutputStream());
        } catch (ZstdIOException e) {
            throw bad(piece, "it cannot be unpacked: " + e.getMessage());
        }
    }

    /** Without its hint, for one is enough. */
    private static String words(ContinuityException refused) {
        return String.valueOf(refused.getMessage()).replace(". Hint: " + refused.hint(), "");
    }

    private ContinuityException bad(Piece piece, String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "vault %s holds as log that the backup needs what is none, %s: %s"
                        .formatted(vault.name(), piece.object(cluster), why),
                "see why, take the object away by the vault's keeper, and take the backup again");
    }

    private static ContinuityException missing(String what) {
        return new ContinuityException(FailureKind.NOT_FOUND, what, "take the backup again");
    }
}
