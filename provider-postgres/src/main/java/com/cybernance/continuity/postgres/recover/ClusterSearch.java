package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.util.Set;
import java.util.TreeSet;

/** Which cluster a restore point belongs to, by what the vault holds. */
final class ClusterSearch {
    private static final int SYSTEM = 1;
    private static final int BACKUP = 3;

    private ClusterSearch() {}

    static VaultedCluster cluster(Vault vault, RestoreRequest request) {
        Set<String> systems = new TreeSet<>();
        String backup = PointId.parse(request.point().id()).backup();
        vault.list("pg/", each -> note(each, backup, systems));
        systems.removeIf(
                system -> systems.size() > 1 && !request.point().lineage().startsWith(system + "/"));
        if (systems.size() != 1) {
            throw new ContinuityException(
                    systems.isEmpty() ? FailureKind.NOT_FOUND : FailureKind.CONFLICT,
                    "vault %s holds %d clusters with a backup %s, expected one"
                            .formatted(
                                    vault.name(),
                                    systems.size(),
                                    request.point().id()),
                    "look again: the restore point may be of another vault");
        }
        return VaultedCluster.list(vault, new Cluster(systems.iterator().next()));
    }

    private static void note(Stored object, String backup, Set<String> systems) {
        String[] parts = object.name().split("/", -1);
        if (parts.length == 5
                && parts[2].equals("base")
                && parts[BACKUP].equals(backup)
                && parts[4].equals("backup.json")
                && parts[SYSTEM].matches("[0-9]{1,20}")) {
            systems.add(parts[SYSTEM]);
        }
    }
}
