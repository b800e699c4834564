package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Objectives and policies that several tests look at. */
final class Samples {
    static final Path CYBERNANCE = Path.of(
            System.getProperty("basedir", "."), "..", "examples", "src", "main", "resources", "cybernance-policy.yaml");
    static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    static final Attested.Vouch VOUCH = new Attested.Vouch("A. Person", "report 7", DAY, DAY.plusMonths(12));
    static final Attested.Uptime FIVE_NINES = new Attested.Uptime(0.99999, Duration.ofDays(30), Duration.ofSeconds(60));

    private Samples() {}

    /** One of each kind, each with room on both sides of every number. */
    static final List<Objective> OBJECTIVES = List.of(
            new SynchronousReplica(Factor.DATA_CENTRE),
            new AutomaticFailover(Duration.ofMinutes(2)),
            new Rpo(Duration.ofMinutes(5), 0.95, Duration.ofHours(24), Set.of(Factor.DATA_CENTRE)),
            new Retain(Duration.ofDays(35), Retain.Lock.GOVERNED),
            new Restorable(Duration.ofDays(30)),
            new Every(Every.Interval.DAY, Set.of(Factor.REGION)),
            new Continuous(Optional.empty(), Set.of(Factor.DATA_CENTRE)),
            new Copies(4, 2, Factor.REGION),
            new LastResort(Set.of(Factor.PROVIDER, Factor.ACCOUNT)),
            new Inventory(Map.of("database-server", 2, "load-balancer", 2)),
            new Redundant(4, 3, Factor.DATA_CENTRE),
            new Stateless(),
            new Rebuildable(List.of("server-image", "code")),
            new Standby(3),
            new Headroom(0.8),
            new DeferredWork(),
            new Hosted("aws"),
            new Attested("a claim", Optional.of(VOUCH), Optional.of(FIVE_NINES)),
            new ExportOnTermination(Duration.ofDays(30)));

    static Clause clause(String id, Objective objective, String... sentences) {
        Clause plain = Clause.of("thing", objective);
        return new Clause(
                id,
                List.of(sentences),
                plain.subject(),
                objective,
                plain.promise(),
                plain.evidenceAge(),
                Severity.TICKET,
                plain.runbook(),
                Optional.of("aws"),
                plain.basis(),
                plain.controls());
    }
}
