package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.backup.PageCheck;
import com.cybernance.continuity.postgres.backup.TablespaceMap;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one archive of a backup to its end, file by file. For one thread. */
final class ArchiveAudit {
    private static final Set<String> KEPT =
            Set.of("PG_VERSION", "backup_label", TablespaceMap.NAME, "global/pg_control");
    private static final int MOST_KEPT = TablespaceMap.MOST_BYTES;

    private final String object;
    private final FileFacts facts;
    private final PageCheck pages;
    private final List<Defect> defects;
    private final Map<String, byte[]> kept = new HashMap<>();
    private final Set<String> links = new TreeSet<>();
    private final NavigableSet<String> names = new TreeSet<>();
    private final byte[] buffer = new byte[1 << 16];
    private final boolean checksums;
    private String place = "";

    ArchiveAudit(String object, FileFacts facts, BackupRecord backup, List<Defect> defects) {
        this.object = object;
        this.facts = facts;
        this.pages = new PageCheck(backup.start());
        this.checksums = backup.pageChecksums();
        this.defects = defects;
    }

    /** The file that is, or was last, being read. */
    String place() {
        return place;
    }

    /** Reads everything, and leaves the stream open; returns the size of the archive before compression. */
    long read(InputStream stored) throws IOException {
        try (Digested unpacked = new Digested(new ZstdInputStream(open(stored)))) {
            TarReader tar = new TarReader(new BufferedInputStream(unpacked, 1 << 16), object);
            for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                one(tar, entry.get());
            }
            place = "";
            for (String broken : pages.broken()) {
                defects.add(new Defect(object, broken.split(" ", 2)[0], broken));
            }
            return unpacked.count();
        }
    }

    /** The same stream, which the unpacking cannot close: what follows the archive is still to be read. */
    private static InputStream open(InputStream stored) {
        return new FilterInputStream(stored) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return in.read(into, offset, length);
            }

            @Override
            public void close() {}
        };
    }

    byte[] kept(String name) {
        byte[] bytes = kept.get(name);
        if (bytes == null) {
            throw Words.corrupt("the archive %s holds no %s".formatted(object, name));
        }
        return bytes;
    }

    /** Content of a small file; {@code ""} when it is not there. */
    String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /** Content of a small file; empty when it is not there. */
    byte[] bytes(String name) {
        return kept.getOrDefault(name, new byte[0]);
    }

    Set<String> links() {
        return links;
    }

    /** Whether something else than a link has that name, or anything lies below it. */
    boolean holds(String name) {
        return (names.contains(name) && !links.contains(name))
                || !names.subSet(name + "/", name + "0").isEmpty();
    }

    private void one(TarReader tar, TarReader.Entry entry) throws IOException {
        place = entry.name();
        if (!names.add(entry.name())) {
            defects.add(new Defect(object, place, "it is there twice"));
        }
        switch (entry.kind()) {
            case DIRECTORY -> {}
            case LINK -> links.add(entry.name());
            case FILE -> file(tar, entry);
        }
    }

    private void file(TarReader tar, TarReader.Entry entry) throws IOException {
        if (entry.name().startsWith("pg_wal/")) {
            defects.add(new Defect(object, place, "log files come from the log alone"));
        }
        FileFacts.Sum sum = facts.begin(entry.name());
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        boolean keep = KEPT.contains(entry.name()) && entry.size() <= MOST_KEPT;
        pages.begin(facts.fullName(entry.name()));
        for (int got = tar.read(buffer); got >= 0; got = tar.read(buffer)) {
            sum.update(buffer, got);
            if (keep) {
                small.write(buffer, 0, got);
            }
            if (checksums) {
                pages.update(buffer, 0, got);
            }
        }
        if (keep) {
            kept.put(entry.name(), small.toByteArray());
        }
        try {
            facts.end(entry.name(), entry.size(), sum);
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, object, place, e);
        }
    }
}
