package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ContinuityException;
import java.util.List;
import java.util.Map;

/**
 * Brings one resource back, step by step, into an empty place. Never overwrites, never touches the source. Acts, so it is
 * handed to an operator and never to an observer.
 *
 * <p>Steps are carried out in their order. Each may be interrupted by a crash at any instant and begun again.
 */
public interface Restorer {
    /**
     * The name of a result by which a step says that what is restored answers now, in words. The recovery time is
     * measured from the begin of the first step to the first one that brings it.
     */
    String ANSWERS = "answers";

    /**
     * What has to be done, in order. Pure: the same request gives the same steps, and nothing is asked of anybody.
     *
     * @throws ContinuityException of kind {@code UNSUPPORTED} or {@code MISCONFIGURED} for a request that cannot be met
     */
    List<String> steps(RestoreRequest request);

    /**
     * Begins one step and returns at once. Beginning it again changes nothing while it runs or after it is done.
     *
     * @param run names the run, and owns what it makes at the destination; matches {@code [a-z0-9][a-z0-9-]{0,63}}
     * @param earlier what the steps before brought, by name
     */
    void begin(String run, RestoreRequest request, String step, Map<String, String> earlier);

    /** How far the step is. */
    Progress poll(String run, RestoreRequest request, String step);

    /** Ends what runs and removes what the run made at the destination, and only that. Idempotent. */
    void discard(String run, RestoreRequest request);
}
