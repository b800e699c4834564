package com.cybernance.continuity.postgres.recover;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a backup and the log behind it in full, before anybody needs them: every byte is read, digested and held against
 * what it should be. What was never in the vault can be missed only where nothing in it speaks of it: hand over how far
 * the log must reach where that is known. Writes nothing. Thread-safe.
 */
public final class VaultVerifier {
    private final Vault vault;

    private VaultVerifier(Vault vault) {
        this.vault = requireNonNull(vault, "vault");
    }

    /** A verifier of what one vault holds. */
    public static VaultVerifier of(Vault vault) {
        return new VaultVerifier(vault);
    }

    /** As below, with the log as far as the vault says that it reaches. */
    public List<Defect> verify(String system, String backup) {
        return verify(system, backup, Optional.empty());
    }

    /**
     * Verifies one backup, and the log from its start to the end of the newest timeline that it leads to.
     *
     * @param system the cluster's system identifier in decimal
     * @param backup the backup's id
     * @param through how far the log must reach at least, exclusive
     * @return every defect; empty when a restore from here finds all that it needs
     * @throws ContinuityException when the vault could not be read, which tells nothing about what it holds
     */
    public List<Defect> verify(String system, String backup, Optional<Lsn> through) {
        VaultedCluster vaulted = VaultedCluster.list(vault, new Cluster(system));
        List<Defect> defects = new ArrayList<>();
        String name = vaulted.cluster().base(backup) + "backup.json";
        BackupRecord record;
        try {
            record = RecordJson.readBackup(vaulted.read(name, RecordJson.MOST_BYTES));
        } catch (ContinuityException e) {
            note(defects, name, "", e);
            return List.copyOf(defects);
        }
        requireItself(vaulted, backup, record, defects);
        if (defects.isEmpty()) {
            new BaseAudit(vaulted, record, defects).run();
            new LogAudit(vaulted, record, through, defects).run();
        }
        return List.copyOf(defects);
    }

    /** What a failure tells of an object; a vault that could not be asked tells nothing, and that is no defect. */
    static void note(List<Defect> defects, String object, String place, ContinuityException e) {
        if (e.kind() == FailureKind.CORRUPT
                || e.kind() == FailureKind.NOT_FOUND
                || e.kind() == FailureKind.UNSUPPORTED) {
            defects.add(new Defect(object, place, String.valueOf(e.getMessage())));
        } else {
            throw e;
        }
    }

    /** The backup's name holds what its record says. */
    private static void requireItself(
            VaultedCluster vaulted, String backup, BackupRecord record, List<Defect> defects) {
        String name = vaulted.cluster().base(backup) + "backup.json";
        String expected = "%s-%08x-%s"
                .formatted(
                        record.startedAt()
                                .toString()
                                .replaceAll("[-:]|\\.[0-9]*", "")
                                .toLowerCase(java.util.Locale.ROOT),
                        record.timeline(),
                        record.start().hex());
        if (!record.id().equals(backup) || !expected.equals(backup)) {
            defects.add(new Defect(
                    name,
                    "id",
                    "it is the record of %s, begun as %s, expected %s".formatted(record.id(), expected, backup)));
        }
        if (!record.system().equals(vaulted.cluster().system())) {
            defects.add(new Defect(
                    name,
                    "system",
                    "it is of cluster %s, expected %s"
                            .formatted(record.system(), vaulted.cluster().system())));
        }
        if (!record.start().isBefore(record.stop()) || record.stoppedAt().isBefore(record.startedAt())) {
            defects.add(new Defect(
                    name,
                    "stop",
                    "the backup ends at %s, %s, before it begins at %s, %s"
                            .formatted(record.stop(), record.stoppedAt(), record.start(), record.startedAt())));
        }
        if (Integer.bitCount(record.segmentSize()) != 1 || record.segmentSize() < 1 << 20) {
            defects.add(new Defect(
                    name, "segmentSize", "no server has log files of %d bytes".formatted(record.segmentSize())));
        }
    }
}
