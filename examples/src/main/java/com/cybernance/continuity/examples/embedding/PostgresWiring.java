package com.cybernance.continuity.examples.embedding;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.PostgresCanary;
import com.cybernance.continuity.postgres.PostgresTarget;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.spi.Vault;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** How a PostgreSQL pair is bound: without a canary, with one, and with the vaults that keep its backups. */
public final class PostgresWiring {
    private PostgresWiring() {}

    /**
     * A pair that is only read.
     *
     * @param writer the way to the primary, for the role {@code continuity_monitor}
     * @param standby the way to the standby, for the same role
     * @param clientRoute the way that clients take
     */
    public static PostgresTarget readOnly(DataSource writer, DataSource standby, DataSource clientRoute) {
        // snippet:postgres-target
        return PostgresTarget.of("postgres:main", writer)
                // The rest is optional: the standby's own word, its place, the way that clients take.
                .server("standby_b", standby)
                .place("standby_b", Place.declared(Factor.DATA_CENTRE, "south", "the estate file"))
                .client(clientRoute)
                .build();
        // end
    }

    /**
     * A pair with a canary.
     *
     * @param admin the way to the primary for an administrator, used once
     */
    public static PostgresTarget withCanary(DataSource admin, DataSource writer, DataSource clientRoute) {
        // snippet:postgres-canary
        PostgresCanary.install(admin, List.of("continuity_monitor", "app_writer"));
        return PostgresTarget.of("postgres:main", writer)
                .client(clientRoute)
                .canary(System::nanoTime)
                .build();
        // end
    }

    /**
     * A cluster whose backups are in a vault.
     *
     * @param vault where backups and log are kept
     * @param place where the vault is
     */
    public static PostgresTarget withRestorePoints(DataSource writer, Vault vault, Place place) {
        // snippet:postgres-points
        VaultedPoints points = VaultedPoints.of(
                TargetId.of("postgres:main").member("cluster"), "7123456789012345678", Map.of(vault, place));
        return PostgresTarget.of("postgres:main", writer).restorePoints(points).build();
        // end
    }
}
