package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.backup.ManifestParser;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The list of what a backup consists of, by the server or by whoever took it over SQL; some 300 bytes of heap for each file. Immutable. */
final class ServerManifest {
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<TimelinePath.Leg> logRanges = new ArrayList<>();
    private String system = "";

    private ServerManifest() {}

    /**
     * One file.
     *
     * @param checksum in lower-case hex; {@code ""} when its algorithm is {@code NONE}
     */
    record Entry(long size, String algorithm, String checksum) {}

    /**
     * Reads that of an object, of whatever size.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when the bytes are no whole manifest
     */
    static ServerManifest read(VaultedCluster vaulted, String object) {
        try (InputStream content = vaulted.open(object)) {
            return read(content);
        } catch (IOException e) {
            throw Words.of(
                    "reading %s from vault %s".formatted(object, vaulted.vault().name()), e);
        }
    }

    static ServerManifest read(InputStream content) throws IOException {
        ServerManifest manifest = new ServerManifest();
        ManifestParser parser = new ManifestParser(manifest.new Filling(), ServerManifest::damaged);
        byte[] buffer = new byte[1 << 16];
        for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
            parser.feed(buffer, 0, got);
        }
        manifest.system = parser.finish();
        return manifest;
    }

    Optional<Entry> find(String file) {
        return Optional.ofNullable(entries.get(file));
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** The log that the backup needs. */
    List<TimelinePath.Leg> logRanges() {
        return logRanges;
    }

    /** The cluster's system identifier; {@code ""} when the manifest does not tell, as before PostgreSQL 17. */
    String system() {
        return system;
    }

    private static ContinuityException damaged(String why) {
        return Words.corrupt("the backup's manifest is damaged: " + why);
    }

    private final class Filling implements ManifestParser.Reader {
        @Override
        public void file(byte[] path, long size, String algorithm, String checksum) {
            String name = new String(path, StandardCharsets.UTF_8);
            // One of a handful of words, a million times.
            String kind = algorithm.isEmpty()
                    ? "NONE"
                    : algorithm.toUpperCase(Locale.ROOT).intern();
            if (entries.put(name, new Entry(size, kind, checksum)) != null) {
                throw damaged("file %s is named twice".formatted(name));
            }
        }

        @Override
        public void range(int timeline, Lsn start, Lsn end) {
            logRanges.add(new TimelinePath.Leg(timeline, start, end));
        }
    }
}
