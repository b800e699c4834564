package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ContinuityException;
import java.util.List;

/**
 * Keys that protect other keys: what seals data hands over a short secret for each object and keeps what comes back.
 * A ring may hold the keys itself, or ask a service that never lets go of them.
 *
 * <p>Every ring that seals wraps each secret for two keys at least: one that the platform can use at any time, and a
 * recovery key of which the platform has the public half alone. A key is named by its id: 1 to 200 printable ASCII
 * characters without spaces, never used for another key. Ids are no secrets; keys are, and appear in no message.
 *
 * <p>Every method may be called from any thread. All failures are {@link ContinuityException}s.
 */
public interface KeyRing {
    /**
     * The ids of the keys for each of which a new secret must be wrapped, the online one first. Empty for a ring
     * that only opens.
     */
    List<String> sealsFor();

    /**
     * Whether the key may be used here to unwrap, as far as the ring knows without asking anybody. Only
     * {@link #unwrap} tells whether it really can be.
     */
    boolean opens(String key);

    /**
     * Encrypts a secret of at most 1,024 bytes.
     *
     * @param binding what the secret belongs to; not kept, and needed unchanged to unwrap
     * @throws ContinuityException of kind {@code DENIED} when the ring does not seal for that key
     */
    byte[] wrap(String key, byte[] secret, byte[] binding);

    /**
     * The secret again.
     *
     * @throws ContinuityException of kind {@code DENIED}, naming the key, when it cannot be used here; {@code CORRUPT}
     *     when the wrapped secret or its binding is not what was wrapped for this key
     */
    byte[] unwrap(String key, byte[] wrapped, byte[] binding);
}
