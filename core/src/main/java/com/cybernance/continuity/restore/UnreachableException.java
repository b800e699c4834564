package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A goal that no restore point meets, or more than one line of history; with everything that was considered. Nothing was
 * touched.
 */
public final class UnreachableException extends ContinuityException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    /**
     * What a refusal tells.
     *
     * @param rejected every copy of the resource, with the reasons against it
     * @param before the last moment before the one asked for that the same goal could reach
     * @param after the first moment after it
     * @param lineages those that reach the end, when there is more than one
     */
    record Refusal(List<Rejected> rejected, Optional<Instant> before, Optional<Instant> after, List<String> lineages) {
        static final Refusal NOTHING_SEEN = new Refusal(List.of(), Optional.empty(), Optional.empty(), List.of());
    }

    UnreachableException(FailureKind kind, String what, String hint, Refusal refusal) {
        super(kind, what, hint);
        this.refusal = refusal;
    }

    /** Every copy of the resource that was seen, with the reasons against it; empty when the evidence was no use. */
    public List<Rejected> rejected() {
        return told().rejected();
    }

    /** The last moment before the one asked for that the same goal could reach. */
    public Optional<Instant> nearestBefore() {
        return told().before();
    }

    /** The first moment after the one asked for that the same goal could reach. */
    public Optional<Instant> nearestAfter() {
        return told().after();
    }

    /** The lineages that all reach the end, when that is why it was refused. */
    public List<String> lineages() {
        return told().lineages();
    }

    private Refusal told() {
        return refusal == null ? Refusal.NOTHING_SEEN : refusal;
    }
}
