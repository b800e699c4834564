package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Vault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The restore points of one cluster, from what its vaults hold and nothing else: neither a server nor a record of our own
 * is asked. One point for each backup, timeline that it leads to, and vault; its id is a {@link PointId}, its one copy is
 * named after the vault. A copy is {@code COMPLETE} when the vault has all of the backup's objects as they were recorded,
 * and the log from its start to its stop; otherwise {@code TAKEN}, and what is missing is among its requirements.
 *
 * <p>One scope for each vault, {@code vault NAME}. A vault that cannot be read is blind and never empty; so is one that
 * holds records of a newer format. Thread-safe, and remembers which pieces of the log it has read.
 */
public final class VaultedPoints implements RestorePointSource {
    private final ResourceId resource;
    private final Cluster cluster;
    private final List<Kept> vaults;

    /** A vault, what it needs, and what earlier looks learned of it. */
    private record Kept(Vault vault, Place place, List<String> keys, Memory memory) {}

    private VaultedPoints(Builder built) {
        resource = built.resource;
        cluster = new Cluster(built.system);
        vaults = List.copyOf(built.vaults.values());
    }

    /**
     * Begins a source.
     *
     * @param resource what the points bring back
     * @param system the cluster's system identifier in decimal, as {@code pg_control_system()} tells it
     */
    public static Builder of(ResourceId resource, String system) {
        return new Builder(resource, system);
    }

    /** Vaults in which nothing is sealed, each with its place. */
    public static VaultedPoints of(ResourceId resource, String system, Map<Vault, Place> vaults) {
        Builder builder = of(resource, system);
        vaults.forEach(builder::vault);
        return builder.build();
    }

    @Override
    public void look(Deadline deadline, Sink<RestorePoint> sink) {
        for (Kept kept : vaults) {
            String scope = "vault " + kept.vault().name();
            try {
                look(kept, scope, survey(kept, deadline), sink);
            } catch (ContinuityException failed) {
                sink.blind(scope, failed.kind(), String.valueOf(failed.getMessage()));
                if (failed.kind() == FailureKind.INTERRUPTED) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * What one of the vaults holds, in full.
     *
     * @throws ContinuityException when it cannot be read, of kind {@code NOT_FOUND} when no vault has that name
     */
    public VaultSurvey survey(String vault, Deadline deadline) {
        return survey(
                vaults.stream()
                        .filter(each -> each.vault().name().equals(vault))
                        .findFirst()
                        .orElseThrow(() -> new ContinuityException(
                                FailureKind.NOT_FOUND,
                                "no vault '%s' among those of %s".formatted(vault, resource),
                                "name one of them")),
                deadline);
    }

    private VaultSurvey survey(Kept kept, Deadline deadline) {
        return new Surveyor(new Reading(kept.vault(), cluster, deadline), kept.memory()).survey();
    }

    private void look(Kept kept, String scope, VaultSurvey survey, Sink<RestorePoint> sink) {
        List<RestorePoint> points =
                new SurveyedPoints(resource, kept.vault().name(), kept.place(), kept.keys()).of(survey);
        points.forEach(sink::found);
        sink.asked(Observation.of(
                "whoever opened the vault",
                scope,
                "list and read " + cluster.prefix(),
                "%d backups, %d windows, %s, gaps %s, defects %s, points %s"
                        .formatted(
                                survey.backups().size(),
                                survey.windows().size(),
                                survey.log(),
                                survey.gaps(),
                                survey.defects(),
                                points)));
        Optional<Defect> unread = survey.defects().stream()
                .filter(defect -> defect.kind() == FailureKind.UNSUPPORTED)
                .findFirst();
        if (unread.isPresent()) {
            sink.blind(scope, FailureKind.UNSUPPORTED, unread.get().what());
        } else {
            sink.complete(scope);
        }
    }

    @Override
    public String toString() {
        return "restore points of cluster %s in %s"
                .formatted(
                        cluster.system(),
                        vaults.stream().map(each -> each.vault().name()).toList());
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final ResourceId resource;
        private final String system;
        private final Map<String, Kept> vaults = new LinkedHashMap<>();
        private final List<String> mistakes = new ArrayList<>();

        private Builder(ResourceId resource, String system) {
            this.resource = resource;
            this.system = system;
            if (!system.matches("[0-9]{1,20}")) {
                mistakes.add("the system identifier is no decimal number");
            }
        }

        /** A vault in which nothing is sealed. */
        public Builder vault(Vault vault, Place place) {
            return sealed(vault, place, List.of());
        }

        /**
         * A vault that seals.
         *
         * @param keys the names of the keys without which nothing in it can be read
         */
        public Builder sealed(Vault vault, Place place, List<String> keys) {
            if (vaults.put(vault.name(), new Kept(vault, place, List.copyOf(keys), new Memory())) != null) {
                mistakes.add("two vaults are called '%s'".formatted(vault.name()));
            }
            return this;
        }

        /**
         * Does no I/O.
         *
         * @throws ContinuityException of kind {@code MISCONFIGURED} that lists every mistake
         */
        public VaultedPoints build() {
            List<String> all = new ArrayList<>(mistakes);
            if (vaults.isEmpty()) {
                all.add("there is no vault");
            }
            if (!all.isEmpty()) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "the restore points of %s cannot be found: %s".formatted(resource, String.join("; ", all)),
                        "correct all of them");
            }
            return new VaultedPoints(this);
        }
    }
}
