package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.backup.ControlData;
import com.cybernance.continuity.postgres.backup.TablespaceMap;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.pipe.ReadAhead;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Unpacks the backup into the destination and holds every file against the backup's manifest on the way. */
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
        Durable durable = destination.durable();
        Trees.delete(durable.disk(), destination.data());
        Trees.delete(durable.disk(), destination.tablespaces());
        durable.directory(destination.data());
        durable.directory(destination.tablespaces());
        FileFacts facts = FileFacts.against(manifest());
        long bytes = 0;
        for (BackupRecord.Tablespace tablespace : backup.tablespaces()) {
            job.say("tablespace " + tablespace.oid());
            Path into = place(tablespace);
            durable.directory(into);
            bytes += unpack(tablespace.object(), into, facts.below(Spaces.link(tablespace) + "/"), List.of());
        }
        job.say("data directory");
        bytes += unpack(data(), destination.data(), facts, backup.tablespaces());
        facts.requireAll();
        Spaces.requireListed(backup, map());
        ControlData control = control(destination);
        if (!control.system().equals(backup.system())) {
            throw Words.corrupt("backup %s holds a cluster with system identifier %s, expected %s"
                    .formatted(backup.id(), control.system(), backup.system()));
        }
        // With it a server would make links of its own, to the places at the source.
        durable.disk().delete(destination.data().resolve(TablespaceMap.NAME));
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

    /** @param linked the tablespaces that it has links to */
    private long unpack(String object, Path into, FileFacts facts, List<BackupRecord.Tablespace> linked)
            throws IOException {
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
            Extraction extraction = new Extraction(into, object, facts, most, destination.durable(), forcing);
            for (BackupRecord.Tablespace each : linked) {
                extraction.link(each, place(each));
            }
            extraction.all(new TarReader(content, object));
            // To the end of the object: only then is it known to be what was planned.
            read.transferTo(OutputStream.nullOutputStream());
            return extraction.bytes();
        } catch (ZstdIOException e) {
            throw Words.corrupt("%s in vault %s cannot be unpacked: %s"
                    .formatted(object, vaulted.vault().name(), e.getMessage()));
        }
    }

    private ServerManifest manifest() {
        return ServerManifest.read(vaulted, vaulted.cluster().base(backup.id()) + "backup-manifest");
    }

    private String data() {
        return vaulted.cluster().base(backup.id()) + "data.tar.zst";
    }

    private Path place(BackupRecord.Tablespace tablespace) {
        return destination.tablespaces().resolve(Long.toString(tablespace.oid()));
    }

    private byte[] map() throws IOException {
        Path map = destination.data().resolve(TablespaceMap.NAME);
        if (!Files.isRegularFile(map, LinkOption.NOFOLLOW_LINKS)) {
            return new byte[0];
        }
        if (Files.size(map) > TablespaceMap.MOST_BYTES) {
            throw Words.corrupt("%s of backup %s has %d bytes, expected at most %d"
                    .formatted(TablespaceMap.NAME, backup.id(), Files.size(map), TablespaceMap.MOST_BYTES));
        }
        return Files.readAllBytes(map);
    }
}
