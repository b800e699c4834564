package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.backup.ControlData;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.pipe.ReadAhead;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Unpacks the backup into the destination and holds every file against the server's manifest on the way. */
final class BaseStep {
    private final VaultedCluster vaulted;
    private final BackupRecord backup;
    private final Destination destination;
    private final Set<Path> links = new TreeSet<>();

    BaseStep(VaultedCluster vaulted, BackupRecord backup, Destination destination) {
        this.vaulted = vaulted;
        this.backup = backup;
        this.destination = destination;
    }

    Map<String, String> run(Job job) throws IOException {
        Durable durable = destination.durable();
        Trees.delete(durable.disk(), destination.data());
        Trees.delete(durable.disk(), destination.tablespaces());
        durable.directory(destination.data());
        durable.directory(destination.tablespaces());
        FileFacts facts = FileFacts.against(manifest());
        long bytes = 0;
        for (BackupRecord.Tablespace tablespace : backup.tablespaces()) {
            job.say("tablespace " + tablespace.oid());
            Path into = destination.tablespaces().resolve(Long.toString(tablespace.oid()));
            durable.directory(into);
            bytes += unpack(tablespace.object(), into, facts.below("pg_tblspc/%d/".formatted(tablespace.oid())));
        }
        job.say("data directory");
        bytes += unpack(data(), destination.data(), facts);
        facts.requireAll();
        requireTablespaces();
        ControlData control = control(destination);
        if (!control.system().equals(backup.system())) {
            throw Words.corrupt("backup %s holds a cluster with system identifier %s, expected %s"
                    .formatted(backup.id(), control.system(), backup.system()));
        }
        // The links are there already, and the places that this file names are the source's.
        durable.disk().delete(destination.data().resolve("tablespace_map"));
        durable.disk().forceDirectory(destination.data());
        Map<String, String> results = new TreeMap<>();
        results.put("base.files", Integer.toString(facts.count()));
        results.put("base.bytes", Long.toString(bytes));
        results.put("data", destination.data().toString());
        return results;
    }

    static ControlData control(Destination destination) throws IOException {
        return ControlData.of(Files.readAllBytes(destination.data().resolve("global/pg_control")));
    }

    private long unpack(String object, Path into, FileFacts facts) throws IOException {
        long most = backup.objects().stream()
                .filter(part -> part.name().equals(object))
                .mapToLong(BackupRecord.Part::unpacked)
                .findFirst()
                .orElse(0);
        try (InputStream stored = vaulted.open(object);
                InputStream read = new ReadAhead("continuity-restore-read", stored);
                InputStream packed = new ZstdInputStream(read);
                InputStream content = new ReadAhead("continuity-restore-unpack", packed);
                Forcing forcing = new Forcing()) {
            Extraction extraction = new Extraction(
                    into, destination.tablespaces(), object, facts, most, destination.durable(), forcing);
            extraction.all(new TarReader(content, object));
            // To the end of the object: only then is it known to be what was planned.
            read.transferTo(OutputStream.nullOutputStream());
            links.addAll(extraction.links());
            return extraction.bytes();
        } catch (ZstdIOException e) {
            throw Words.corrupt("%s in vault %s cannot be unpacked: %s"
                    .formatted(object, vaulted.vault().name(), e.getMessage()));
        }
    }

    private ServerManifest manifest() {
        String name = vaulted.cluster().base(backup.id()) + "backup-manifest";
        Optional<BackupRecord.Part> part = backup.objects().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        return part.isPresent() ? ServerManifest.read(vaulted, name) : ServerManifest.none();
    }

    private String data() {
        return vaulted.cluster().base(backup.id()) + "data.tar.zst";
    }

    private void requireTablespaces() {
        Set<Path> expected = new TreeSet<>();
        for (BackupRecord.Tablespace each : backup.tablespaces()) {
            expected.add(destination.data().resolve("pg_tblspc").resolve(Long.toString(each.oid())));
        }
        if (!links.equals(expected)) {
            throw Words.corrupt(
                    "backup %s has the links %s, and its tablespaces want %s".formatted(backup.id(), links, expected));
        }
    }
}
