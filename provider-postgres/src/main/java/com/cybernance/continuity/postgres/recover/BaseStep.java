package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Unpacks the backup into the destination and holds every file against the server's manifest on the way. */
final class BaseStep {
    private final VaultedCluster vaulted;
    private final BackupRecord backup;
    private final Destination destination;

    BaseStep(VaultedCluster vaulted, BackupRecord backup, Destination destination) {
        this.vaulted = vaulted;
        this.backup = backup;
        this.destination = destination;
    }

    Map<String, String> run(Job job) throws IOException {
        Trees.delete(destination.data());
        Trees.delete(destination.tablespaces());
        Durable.directory(destination.data());
        Durable.directory(destination.tablespaces());
        FileFacts facts = FileFacts.against(manifest());
        long bytes = 0;
        for (BackupRecord.Tablespace tablespace : backup.tablespaces()) {
            job.say("tablespace " + tablespace.oid());
            Path into = destination.tablespaces().resolve(Long.toString(tablespace.oid()));
            Durable.directory(into);
            bytes += unpack(tablespace.object(), into, facts.below("pg_tblspc/%d/".formatted(tablespace.oid())));
        }
        job.say("data directory");
        bytes += unpack(data(), destination.data(), facts);
        facts.requireAll();
        requireTablespaces();
        ControlFile control = control();
        if (!control.system().equals(backup.system())) {
            throw Words.corrupt("backup %s holds a cluster with system identifier %s, expected %s"
                    .formatted(backup.id(), control.system(), backup.system()));
        }
        // The links are there already, and the places that this file names are the source's.
        Files.deleteIfExists(destination.data().resolve("tablespace_map"));
        Durable.force(destination.data());
        Map<String, String> results = new TreeMap<>();
        results.put("base.files", Integer.toString(facts.count()));
        results.put("base.bytes", Long.toString(bytes));
        results.put("data", destination.data().toString());
        return results;
    }

    ControlFile control() throws IOException {
        return ControlFile.parse(Files.readAllBytes(destination.data().resolve("global/pg_control")));
    }

    private long unpack(String object, Path into, FileFacts facts) throws IOException {
        try (InputStream stored = vaulted.vault().open(object);
                InputStream content = new BufferedInputStream(
                        new ZstdInputStream(new BufferedInputStream(stored, 1 << 16)), 1 << 16)) {
            Extraction extraction = new Extraction(into, destination.tablespaces(), object, facts);
            extraction.all(new TarReader(content, object));
            // To the end of the object: only then has the vault vouched for it.
            stored.transferTo(OutputStream.nullOutputStream());
            return extraction.bytes();
        }
    }

    private ServerManifest manifest() {
        String name = vaulted.cluster().base(backup.id()) + "backup-manifest";
        Optional<BackupRecord.Part> part = backup.objects().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        return part.isPresent()
                ? ServerManifest.parse(vaulted.read(name, ServerManifest.MOST_BYTES))
                : ServerManifest.none();
    }

    private String data() {
        return vaulted.cluster().base(backup.id()) + "data.tar.zst";
    }

    private void requireTablespaces() {
        for (BackupRecord.Tablespace each : backup.tablespaces()) {
            Path link = destination.data().resolve("pg_tblspc").resolve(Long.toString(each.oid()));
            if (!Files.isSymbolicLink(link)) {
                throw Words.corrupt("backup %s has tablespace %d and no link to it".formatted(backup.id(), each.oid()));
            }
        }
    }
}
