package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.spi.Vault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a vault says of log that is lost. The names say all that is asked here. */
final class KnownHoles {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})/([0-9a-f]{16})-([0-9a-f]{16})\\.json");

    private KnownHoles() {}

    /**
     * Refuses a range that a recorded hole reaches into: whoever restores ends there, whatever pieces there are.
     *
     * @throws ContinuityException of kind {@code CONFLICT}
     */
    static void refuse(Vault vault, Cluster cluster, int timeline, Lsn from, Lsn to) {
        vault.list(cluster.holes(), stored -> {
            Matcher hole = NAME.matcher(stored.name().substring(cluster.holes().length()));
            if (hole.matches()
                    && Integer.parseUnsignedInt(hole.group(1), 16) == timeline
                    && Lsn.ofHex(hole.group(2)).isBefore(to)
                    && Lsn.ofHex(hole.group(3)).isAfter(from)) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "vault %s records as lost log that the backup needs: %s".formatted(vault.name(), stored.name()),
                        "the receiver lost it while the backup was taken; take the backup again");
            }
        });
    }
}
