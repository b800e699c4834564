package com.cybernance.continuity.examples.embedding;

import com.cybernance.continuity.Continuity;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.SynchronousReplica;
import com.cybernance.continuity.postgres.PostgresTarget;
import javax.sql.DataSource;

/** A service with one promise, which takes core and one provider and nothing else. */
public final class SecondService {
    private SecondService() {}

    /**
     * Looks once.
     *
     * @param primary the way to the server that takes the writes, for a role with {@code pg_monitor}
     * @param standby the way to its standby, for the same role
     * @param primaryName the {@code cluster_name} of the primary, or {@code primary} if it has none
     * @param standbyName the {@code application_name} under which the standby streams
     */
    public static Report check(DataSource primary, DataSource standby, String primaryName, String standbyName) {
        // snippet:second-service
        Policy policy = Policy.of(Clause.of("db", new SynchronousReplica(Factor.DATA_CENTRE)));
        PostgresTarget target = PostgresTarget.of("postgres:orders", primary)
                .server(standbyName, standby)
                .place(primaryName, Place.declared(Factor.DATA_CENTRE, "north", "operations"))
                .place(standbyName, Place.declared(Factor.DATA_CENTRE, "south", "operations"))
                .build();
        try (Continuity continuity = Continuity.of(policy).protect("db", target).build()) {
            return continuity.check();
        }
        // end
    }
}
