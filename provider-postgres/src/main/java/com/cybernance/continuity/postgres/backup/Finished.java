package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Backups that are done, by what is in the vault. */
final class Finished {
    static final String RECORD = "backup.json";

    private Finished() {}

    /**
     * The newest backup for a slot, of those whose records count; empty when there is none that can be read. A record that
     * is damaged, or of a newer format, must not keep the next backup from being taken.
     */
    static Optional<BackupRecord> find(Vault vault, Cluster cluster, String slot, Predicate<String> counts) {
        List<String> records = new ArrayList<>();
        vault.list(cluster.base(), stored -> {
            if (stored.name().endsWith("/" + RECORD)) {
                records.add(stored.name());
            }
        });
        Collections.reverse(records);
        for (String each : records) {
            Optional<BackupRecord> record =
                    read(vault, each).filter(known -> known.slot().equals(slot));
            if (record.isPresent() && counts.test(each)) {
                return record;
            }
        }
        return Optional.empty();
    }

    static Progress progress(Vault vault, BackupRecord record) {
        long size = record.objects().stream().mapToLong(BackupRecord.Part::size).sum();
        return Progress.done(
                "backup %s is in vault %s: %d bytes, consistent from %s on%s"
                        .formatted(
                                record.id(),
                                vault.name(),
                                size,
                                record.stop(),
                                record.method() == BackupRecord.Method.SQL ? ", taken over SQL" : ""),
                Map.of(
                        "backup", record.id(),
                        "system", record.system(),
                        "record", new Cluster(record.system()).base(record.id()) + RECORD,
                        "start", record.start().toString(),
                        "stop", record.stop().toString(),
                        "bytes", Long.toString(size),
                        "method", record.method().name().toLowerCase(Locale.ROOT)));
    }

    /** Ends the backup: from now on there is one. */
    static Stored commit(Vault vault, BackupRecord record) throws IOException {
        try (Vault.Draft draft = vault.create(new Cluster(record.system()).base(record.id()) + RECORD)) {
            draft.write(RecordJson.write(record));
            return draft.commit();
        }
    }

    private static Optional<BackupRecord> read(Vault vault, String object) {
        try (InputStream in = vault.open(object)) {
            return Optional.of(RecordJson.readBackup(in.readNBytes(RecordJson.MOST_BYTES + 1)));
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.CORRUPT || e.kind() == FailureKind.UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
