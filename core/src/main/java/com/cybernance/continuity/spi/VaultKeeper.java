package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ContinuityException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who decides how long the objects of a vault are kept. Apart from {@link Vault}, so that what writes backups cannot
 * delete them.
 */
public interface VaultKeeper {
    /**
     * Refuses deletion until a moment. A lock only ever grows: an earlier moment than the one in force changes nothing.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when there is no such object
     */
    void lockUntil(String object, Instant moment);

    /** The moment until which deletion is refused; empty without a lock. */
    Optional<Instant> lockedUntil(String object);

    /** Refuses deletion until {@link #release}. Placing a hold twice is placing it once. */
    void hold(String object, String hold);

    /** Lifts one hold; others stay. */
    void release(String object, String hold);

    /** The holds in force. */
    Set<String> holds(String object);

    /**
     * Removes an object; does nothing when there surely is none.
     *
     * @throws ContinuityException of kind {@code DENIED} while a hold or a lock is in force, naming it
     */
    void delete(String object);
}
