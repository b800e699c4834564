package com.cybernance.continuity.spi;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.RestorePoint;

/**
 * What to restore, and where.
 *
 * @param point what it starts from
 * @param copy the id of the point's copy that is used
 * @param to where it ends
 * @param destination an empty, fresh place, in the provider's notation
 */
public record RestoreRequest(RestorePoint point, String copy, RecoverTo to, String destination) {
    public RestoreRequest {
        requireNonNull(point, "point");
        requireNonNull(to, "to");
        requireNonNull(destination, "destination");
        if (point.copies().stream().noneMatch(each -> each.id().equals(copy))) {
            throw new IllegalArgumentException("restore point %s has no copy %s".formatted(point.id(), copy));
        }
    }
}
