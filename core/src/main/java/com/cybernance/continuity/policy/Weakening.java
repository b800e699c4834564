package com.cybernance.continuity.policy;

/**
 * Something that a policy promises less than the one before it.
 *
 * @param clause the id of the clause; the name of the policy for what concerns all of it
 * @param what what was and what is now, as a lower-case sentence
 */
public record Weakening(String clause, String what) {
    @Override
    public String toString() {
        return clause + ": " + what;
    }
}
