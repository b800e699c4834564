package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.security.GeneralSecurityException;
import java.util.Map;

/** The keys of a ring that open, and what it says of those that do not. */
final class OpeningKeys {
    private final Map<String, Boolean> enabled;
    private final String otherwise;

    /**
     * The keys of a ring.
     *
     * @param enabled the ids, and whether each key is enabled
     * @param otherwise what to do about a key that opens nothing here
     */
    OpeningKeys(Map<String, Boolean> enabled, String otherwise) {
        this.enabled = enabled;
        this.otherwise = otherwise;
    }

    /** Unwraps with all keys of the ring. */
    @FunctionalInterface
    interface Unwrapping {
        byte[] run() throws GeneralSecurityException;
    }

    boolean opens(String key) {
        return enabled.getOrDefault(key, false);
    }

    byte[] unwrap(String key, Unwrapping unwrapping) {
        if (!opens(key)) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "key " + key + (enabled.containsKey(key) ? " is disabled" : " is not") + " in this key ring",
                    otherwise);
        }
        try {
            return unwrapping.run();
        } catch (GeneralSecurityException e) {
            throw Failures.corrupt("what was wrapped for key " + key + " does not open with it", e);
        }
    }

    /** The ids. */
    @Override
    public String toString() {
        return enabled.keySet().toString();
    }
}
