package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Puts the log files together from their pieces, up to the target and not a byte further. */
final class LogStep {
    private final VaultedCluster vaulted;
    private final Plan plan;
    private final Path into;
    private final byte[] buffer = new byte[1 << 16];
    private final byte[] before = new byte[1 << 16];

    LogStep(VaultedCluster vaulted, Plan plan, Path into) {
        this.vaulted = vaulted;
        this.plan = plan;
        this.into = into;
    }

    /** Makes the directory afresh. Returns the files that the server may ask for, with their lengths in bytes. */
    Map<String, Long> run(Job job) throws IOException {
        Trees.delete(into);
        Durable.directory(into);
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
            Durable.write(into.resolve(name), new String(history, java.nio.charset.StandardCharsets.ISO_8859_1));
            files.put(name, (long) history.length);
        }
        Durable.force(into);
        return files;
    }

    private void compose(Plan.LogFile file) throws IOException {
        Path path = into.resolve(file.name());
        Files.createFile(path, Durable.OWNER_ONLY);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Zeros from the last byte to the end, without writing them.
            channel.write(ByteBuffer.wrap(new byte[1]), plan.backup().segmentSize() - 1L);
            for (History.Stretch part : file.parts()) {
                fill(channel, file.start(), part);
            }
            channel.force(true);
        }
    }

    private void fill(FileChannel channel, Lsn fileStart, History.Stretch part) throws IOException {
        Lsn filled = part.from();
        for (Piece piece : vaulted.pieces(part.timeline(), part.from(), part.to())) {
            if (piece.start().isAfter(filled)) {
                break;
            }
            Lsn end = Lsn.earlier(piece.end(), part.to());
            copy(channel, fileStart, piece, Lsn.later(piece.start(), part.from()), filled, end);
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
    private void copy(FileChannel channel, Lsn fileStart, Piece piece, Lsn from, Lsn filled, Lsn to)
            throws IOException {
        String object = piece.object(vaulted.cluster());
        try (InputStream stored = vaulted.vault().open(object);
                ZstdInputStream content = new ZstdInputStream(stored)) {
            content.skipNBytes(from.minus(piece.start()));
            Lsn at = from;
            for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
                Lsn end = Lsn.earlier(at.plus(got), to);
                if (at.isBefore(end)) {
                    put(channel, at.minus(fileStart), (int) end.minus(at), filled.minus(at), object);
                }
                at = at.plus(got);
            }
            if (!at.equals(piece.end())) {
                throw Words.corrupt("%s in vault %s ends at %s instead of %s"
                        .formatted(object, vaulted.vault().name(), at, piece.end()));
            }
            // To the end of the object: only then has the vault vouched for it.
            stored.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    private void put(FileChannel channel, long offset, int length, long known, String object) throws IOException {
        int old = (int) Math.max(0, Math.min(length, known));
        if (old > 0) {
            ByteBuffer there = ByteBuffer.wrap(before, 0, old);
            while (there.hasRemaining() && channel.read(there, offset + there.position()) >= 0) {}
            if (!Arrays.equals(before, 0, old, buffer, 0, old)) {
                throw Words.corrupt("%s in vault %s differs from another piece of the same range"
                        .formatted(object, vaulted.vault().name()));
            }
        }
        ByteBuffer fresh = ByteBuffer.wrap(buffer, old, length - old);
        while (fresh.hasRemaining()) {
            channel.write(fresh, offset + fresh.position());
        }
    }
}
