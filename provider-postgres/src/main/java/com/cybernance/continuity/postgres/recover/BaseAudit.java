package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.backup.ControlData;
import com.cybernance.continuity.postgres.backup.TablespaceMap;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads every object of a backup and holds it against the backup's record, its manifest and its own insides. */
final class BaseAudit {
    private final VaultedCluster vaulted;
    private final BackupRecord backup;
    private final List<Defect> defects;
    private final String prefix;

    BaseAudit(VaultedCluster vaulted, BackupRecord backup, List<Defect> defects) {
        this.vaulted = vaulted;
        this.backup = backup;
        this.defects = defects;
        this.prefix = vaulted.cluster().base(backup.id());
    }

    void run() {
        requireTheNamedOnes();
        FileFacts facts = FileFacts.against(manifest());
        Map<String, ArchiveAudit> archives = new HashMap<>();
        for (BackupRecord.Part part : backup.objects()) {
            if (part.name().endsWith(".tar.zst")) {
                archives.put(part.name(), archive(part, facts));
            } else {
                plain(part);
            }
        }
        try {
            facts.requireAll();
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, prefix + "backup-manifest", "", e);
        }
        ArchiveAudit data = archives.get(prefix + "data.tar.zst");
        if (data == null) {
            defect(prefix + "data.tar.zst", "", "the backup's record does not name it");
        } else {
            insides(data);
            tablespaces();
            links(archives);
            listed(data);
        }
    }

    private void requireTheNamedOnes() {
        Set<String> named = new HashSet<>(Set.of(prefix + "backup.json"));
        for (BackupRecord.Part part : backup.objects()) {
            if (!part.name().startsWith(prefix) || !named.add(part.name())) {
                defect(
                        prefix + "backup.json",
                        "objects",
                        "it names %s, which is not its own or there twice".formatted(part.name()));
            }
        }
        for (String there : vaulted.objects().subMap(prefix, prefix + "~").keySet()) {
            if (!named.contains(there)) {
                defect(there, "", "it lies with the backup and the backup's record does not name it");
            }
        }
    }

    private Optional<ServerManifest> manifest() {
        String name = prefix + "backup-manifest";
        if (backup.objects().stream().noneMatch(part -> part.name().equals(name))) {
            defect(name, "", "the backup's record does not name it");
            return Optional.empty();
        }
        try {
            ServerManifest manifest = ServerManifest.read(vaulted, name);
            if (!manifest.system().isEmpty() && !manifest.system().equals(backup.system())) {
                defect(
                        name,
                        "System-Identifier",
                        "it is of cluster %s, expected %s".formatted(manifest.system(), backup.system()));
            }
            TimelinePath.Leg needed = new TimelinePath.Leg(backup.timeline(), backup.start(), backup.stop());
            if (!manifest.logRanges().isEmpty() && !manifest.logRanges().contains(needed)) {
                defect(
                        name,
                        "WAL-Ranges",
                        "the server says %s, the backup's record %s".formatted(manifest.logRanges(), needed));
            }
            return Optional.of(manifest);
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, name, "", e);
            return Optional.empty();
        }
    }

    private ArchiveAudit archive(BackupRecord.Part part, FileFacts facts) {
        String oid = part.name().substring(prefix.length()).replaceAll("[^0-9]", "");
        boolean apart = part.name().startsWith(prefix + "tablespace-");
        ArchiveAudit audit =
                new ArchiveAudit(part.name(), apart ? facts.below("pg_tblspc/" + oid + "/") : facts, backup, defects);
        if (requireStored(part)) {
            try (Digested content = new Digested(vaulted.vault().open(part.name()))) {
                long unpacked = audit.read(content);
                digests(part, content, unpacked);
            } catch (ContinuityException e) {
                VaultVerifier.note(defects, part.name(), audit.place(), e);
            } catch (IOException e) {
                defect(part.name(), audit.place(), "it cannot be unpacked: " + e.getMessage());
            }
        }
        return audit;
    }

    private void plain(BackupRecord.Part part) {
        if (requireStored(part)) {
            try (Digested content = new Digested(vaulted.vault().open(part.name()))) {
                digests(part, content, content.drain());
            } catch (ContinuityException e) {
                VaultVerifier.note(defects, part.name(), "", e);
            } catch (IOException e) {
                throw Words.of("reading " + part.name(), e);
            }
        }
    }

    private boolean requireStored(BackupRecord.Part part) {
        Optional<Stored> stored = vaulted.find(part.name());
        if (stored.isEmpty()) {
            defect(part.name(), "", "the backup's record names it and the vault does not have it");
        }
        return stored.isPresent();
    }

    private void digests(BackupRecord.Part part, Digested content, long unpacked) throws IOException {
        content.drain();
        if (content.count() != part.size() || !content.sha256().equals(part.sha256())) {
            defect(
                    part.name(),
                    "",
                    "it has %d bytes with digest %s, expected %d with %s"
                            .formatted(content.count(), content.sha256(), part.size(), part.sha256()));
        }
        if (unpacked != part.unpacked()) {
            defect(part.name(), "", "it unpacks to %d bytes, expected %d".formatted(unpacked, part.unpacked()));
        }
    }

    /** What the cluster's own files say of it. */
    private void insides(ArchiveAudit data) {
        String object = prefix + "data.tar.zst";
        String version = data.text("PG_VERSION").strip();
        if (!version.equals(Integer.toString(backup.version() / 10_000))) {
            defect(object, "PG_VERSION", "it says '%s', the backup's record %d".formatted(version, backup.version()));
        }
        label(object, data.text("backup_label"));
        try {
            ControlData control = ControlData.of(data.kept("global/pg_control"));
            same(object, "system identifier", control.system(), backup.system());
            same(object, "size of log files", control.segmentSize(), backup.segmentSize());
            same(object, "page checksums", control.pageChecksums(), backup.pageChecksums());
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, object, "global/pg_control", e);
        }
    }

    private void label(String object, String label) {
        if (!label.contains("START WAL LOCATION: %s (".formatted(backup.start()))
                || !label.contains("START TIMELINE: %d\n".formatted(backup.timeline()))
                || !label.contains("LABEL: %s\n".formatted(backup.label()))) {
            defect(
                    object,
                    "backup_label",
                    "it does not say the start %s, timeline %d and label of the backup's record"
                            .formatted(backup.start(), backup.timeline()));
        }
    }

    private void tablespaces() {
        Set<String> parts = new HashSet<>();
        backup.objects().forEach(part -> parts.add(part.name()));
        for (BackupRecord.Tablespace each : backup.tablespaces()) {
            String expected = prefix + "tablespace-" + each.oid() + ".tar.zst";
            if (!each.object().equals(expected) || !parts.remove(expected)) {
                defect(
                        expected,
                        "",
                        "tablespace %d is said to be in %s, and the record's objects do not name it"
                                .formatted(each.oid(), each.object()));
            }
        }
        parts.stream()
                .filter(name -> name.startsWith(prefix + "tablespace-"))
                .forEach(name -> defect(name, "", "the backup's record has no tablespace for it"));
    }

    /** A server that sends its list of tablespaces sends no links; one that is there must say nothing else. */
    private void links(Map<String, ArchiveAudit> archives) {
        Set<String> known = new HashSet<>();
        backup.tablespaces().forEach(each -> known.add(Spaces.link(each)));
        archives.forEach((object, archive) -> {
            boolean data = object.equals(prefix + "data.tar.zst");
            for (String link : archive.links()) {
                if (!data || !known.contains(link)) {
                    defect(object, link, "a link other than a tablespace's of the backup's record");
                }
            }
            known.stream()
                    .filter(link -> data && archive.holds(link))
                    .forEach(link -> defect(object, link, "it lies where the link to a tablespace belongs"));
        });
    }

    private void listed(ArchiveAudit data) {
        try {
            Spaces.requireListed(backup, data.bytes(TablespaceMap.NAME));
        } catch (ContinuityException e) {
            VaultVerifier.note(defects, prefix + "data.tar.zst", TablespaceMap.NAME, e);
        }
    }

    private void same(String object, String what, Object found, Object expected) {
        if (!found.equals(expected)) {
            defect(
                    object,
                    "global/pg_control",
                    "%s: it says %s, the backup's record %s".formatted(what, found, expected));
        }
    }

    private void defect(String object, String place, String what) {
        defects.add(new Defect(object, place, what));
    }
}
