package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Puts the log files together from their pieces, up to the target and not a byte further. */
final class LogStep {
    private final VaultedCluster vaulted;
    private final Plan plan;
    private final Path into;
    private final Durable durable;
    private final byte[] buffer = new byte[1 << 16];

    LogStep(VaultedCluster vaulted, Plan plan, Destination destination) {
        this.vaulted = vaulted;
        this.plan = plan;
        this.into = destination.log();
        this.durable = destination.durable();
    }

    /** Makes the directory afresh. Returns the files that the server may ask for, with their lengths in bytes. */
    Map<String, Long> run(Job job) throws IOException {
        plan.requireLog(vaulted);
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
            for (LogRoute.Part part : file.parts()) {
                copy(output, file.start(), part);
            }
            output.force();
        }
    }

    private void copy(RestoreDisk.Output output, Lsn fileStart, LogRoute.Part part) throws IOException {
        Piece piece = part.piece();
        String object = piece.object(vaulted.cluster());
        try (InputStream stored = vaulted.open(object);
                ZstdInputStream content = new ZstdInputStream(stored)) {
            Lsn at = piece.start();
            for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
                Lsn from = Lsn.later(at, part.from());
                Lsn end = at.plus(got);
                long length = Lsn.earlier(end, part.to()).minus(from);
                if (length > 0) {
                    output.write(from.minus(fileStart), buffer, (int) from.minus(at), (int) length);
                }
                at = end;
            }
            if (!at.equals(piece.end())) {
                throw Words.corrupt("%s in vault %s ends at %s instead of %s"
                        .formatted(object, vaulted.vault().name(), at, piece.end()));
            }
            // To the end of the object: only then is it known to be what was planned.
            stored.transferTo(OutputStream.nullOutputStream());
        } catch (ZstdIOException | EOFException e) {
            throw Words.corrupt("%s in vault %s cannot be unpacked: %s"
                    .formatted(object, vaulted.vault().name(), e.getMessage()));
        }
    }
}
