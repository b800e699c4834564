package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;

/**
 * Where a look puts what it saw, as it sees it. Not thread-safe: for the thread that looks.
 *
 * @param <T> the facts that are seen
 */
public interface Sink<T> {
    /** The scope of a look that has only one. */
    String ALL = "all";

    /** Something exists and looks like this. */
    void found(T fact);

    /**
     * A scope, or a part of it, could not be seen.
     *
     * @param scope what stays hidden, in words that an operator understands
     * @param kind why
     * @param why observed against expected, with a hint; no secrets
     */
    void blind(String scope, FailureKind kind, String why);

    /** All of the scope was enumerated: what was not found in it is absent. */
    void complete(String scope);

    /** A question was put and answered. At least one for every look that reaches the outside. */
    void asked(Observation observation);
}
