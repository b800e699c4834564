package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Puts the log files together from their pieces, up to the target and not a byte further. */
final class LogStep {
    private final VaultedCluster vaulted;
    private final Plan plan;
    private final Path into;
    private final Durable durable;
    private final byte[] buffer = new byte[1 << 16];
    private final byte[] before = new byte[1 << 16];

    LogStep(VaultedCluster vaulted, Plan plan, Destination destination) {
        this.vaulted = vaulted;
        this.plan = plan;
        this.into = destination.log();
        this.durable = destination.durable();
    }

    /** Makes the directory afresh. Returns the files that the server may ask for, with their lengths in bytes. */
    Map<String, Long> run(Job job) throws IOException {
        Trees.delete(durable.disk(), into);
        durable.directory(into);
        Map<String, Long> files = new TreeMap<>();
        int done = 0;
        int all = plan.files().size();
        for (Plan.LogFile file : plan.files()) {
            job.say("log file %d of %d".formatted(++done, all));
            compose(file);
            files.put(file.name(), (long) plan.backup().segmentSize());
        }
        // All of them, also of timelines that this restore does not follow: the new one must be none of them.
        for (int timeline : vaulted.timelines()) {
            byte[] history = vaulted.read(vaulted.cluster().history(timeline), 1 << 20);
            String name = "%08X.history".formatted(timeline);
            durable.write(into.resolve(name), history);
            files.put(name, (long) history.length);
        }
        durable.disk().forceDirectory(into);
        return files;
    }

    private void compose(Plan.LogFile file) throws IOException {
        Path path = into.resolve(file.name());
        try (RestoreDisk.Output output = durable.disk().create(path)) {
            // Zeros from the last byte to the end, without writing them.
            output.write(plan.backup().segmentSize() - 1L, new byte[1], 0, 1);
            for (TimelinePath.Leg part : file.parts()) {
                fill(output, file.start(), part);
            }
            output.force();
        }
    }

    private void fill(RestoreDisk.Output output, Lsn fileStart, TimelinePath.Leg part) throws IOException {
        Lsn filled = part.from();
        for (Piece piece : vaulted.pieces(part.timeline(), part.from(), part.to())) {
            if (piece.start().isAfter(filled)) {
                break;
            }
            Lsn end = Lsn.earlier(piece.end(), part.to());
            copy(output, fileStart, piece, Lsn.later(piece.start(), part.from()), filled, end);
            filled = Lsn.later(filled, end);
        }
        if (filled.isBefore(part.to())) {
            throw new ContinuityException(
                    FailureKind.NOT_FOUND,
                    "the log of timeline %d at %s has gone from vault %s since it was listed"
                            .formatted(part.timeline(), filled, vaulted.vault().name()),
                    "see who deletes from that vault, and begin again with another copy");
        }
    }

    /** Writes what is new of a piece, and holds the rest against what is there. */
    private void copy(RestoreDisk.Output output, Lsn fileStart, Piece piece, Lsn from, Lsn filled, Lsn to)
            throws IOException {
        String object = piece.object(vaulted.cluster());
        try (InputStream stored = vaulted.open(object);
                ZstdInputStream content = new ZstdInputStream(stored)) {
            content.skipNBytes(from.minus(piece.start()));
            Lsn at = from;
            for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
                Lsn end = Lsn.earlier(at.plus(got), to);
                if (at.isBefore(end)) {
                    put(output, at.minus(fileStart), (int) end.minus(at), filled.minus(at), object);
                }
                at = at.plus(got);
            }
            if (!at.equals(piece.end())) {
                throw Words.corrupt("%s in vault %s ends at %s instead of %s"
                        .formatted(object, vaulted.vault().name(), at, piece.end()));
            }
            // To the end of the object: only then is it known to be what was planned.
            stored.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (ZstdIOException | EOFException e) {
            throw Words.corrupt("%s in vault %s cannot be unpacked: %s"
                    .formatted(object, vaulted.vault().name(), e.getMessage()));
        }
    }

    private void put(RestoreDisk.Output output, long offset, int length, long known, String object) throws IOException {
        int old = (int) Math.max(0, Math.min(length, known));
        if (old > 0) {
            output.read(offset, before, old);
            if (!Arrays.equals(before, 0, old, buffer, 0, old)) {
                throw Words.corrupt("%s in vault %s differs from another piece of the same range"
                        .formatted(object, vaulted.vault().name()));
            }
        }
        output.write(offset + old, buffer, old, length - old);
    }
}
