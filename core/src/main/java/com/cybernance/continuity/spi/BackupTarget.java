package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.TargetId;
import java.util.Optional;

/**
 * A resource that the policy promises to protect (AWS says protected resource). Not the place where copies are kept:
 * that is a vault.
 *
 * <p>A facet that is absent is an honest "cannot see": the clauses that need it are UNKNOWN and name it. Facet methods
 * do no I/O and return the same answer for the life of the target. All methods may be called from any thread; the
 * facets of one target may be used at the same time, one facet never twice at a time.
 */
public interface BackupTarget {
    /** The target's name; the same for its whole life. */
    TargetId id();

    /** The servers of this resource and how they replicate. */
    default Optional<ReplicationSource> replication() {
        return Optional.empty();
    }

    /** Settings and conditions that weaken a promise. */
    default Optional<SettingSource> settings() {
        return Optional.empty();
    }

    /** What exists. */
    default Optional<InventorySource> inventory() {
        return Optional.empty();
    }

    /** What a client meets. */
    default Optional<ClientProbe> clientProbe() {
        return Optional.empty();
    }

    /** The moments that this resource can be brought back to. */
    default Optional<RestorePointSource> restorePoints() {
        return Optional.empty();
    }
}
