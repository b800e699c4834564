package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * A moment, or a range of moments, that a resource can be brought back to.
 *
 * @param id stable within the resource: the same point keeps its id from look to look
 * @param resource what can be brought back
 * @param lineage the line of history that it belongs to: points of different lineages never continue each other
 * @param earliest the first reachable moment, inclusive
 * @param latest the last reachable moment, inclusive; equal to {@code earliest} for a single moment
 * @param copies where it is kept, at least one
 * @param requires what restoring it needs besides a copy
 */
public record RestorePoint(
        String id,
        ResourceId resource,
        String lineage,
        Instant earliest,
        Instant latest,
        List<Copy> copies,
        List<Requirement> requires) {
    public RestorePoint {
        requireNonNull(id, "id");
        requireNonNull(resource, "resource");
        requireNonNull(lineage, "lineage");
        requireNonNull(earliest, "earliest");
        requireNonNull(latest, "latest");
        copies = List.copyOf(copies);
        requires = List.copyOf(requires);
        if (latest.isBefore(earliest)) {
            throw new IllegalArgumentException("restore point %s of %s ends at %s before it begins at %s"
                    .formatted(id, resource, latest, earliest));
        }
        if (copies.isEmpty()) {
            throw new IllegalArgumentException("restore point %s of %s has no copy".formatted(id, resource));
        }
    }

    /** A point that reaches one moment, is kept in one copy and needs nothing else; of the resource's only lineage. */
    public static RestorePoint at(Instant moment, String id, ResourceId resource, Copy copy) {
        return new RestorePoint(id, resource, resource.member(), moment, moment, List.of(copy), List.of());
    }
}
