package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * Something that exists, bound to a target or not.
 *
 * @param id the member
 * @param kind what it is, in the policy's words: {@code database-server}, {@code redis-server}, {@code load-balancer}
 * @param description one line for a report
 */
public record InventoryItem(ResourceId id, String kind, String description) {
    public InventoryItem {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(description, "description");
    }
}
