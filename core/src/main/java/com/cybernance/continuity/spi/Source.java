package com.cybernance.continuity.spi;

/**
 * Something that can be looked at. The shape that all seeing facets share.
 *
 * <p>The contract, which the published suites in {@code testkit} check:
 *
 * <ul>
 *   <li>Every fact carries the id of the target that the facet belongs to.
 *   <li>{@link Sink#complete} is called for a scope only after all of it was enumerated. What was not found in a scope
 *       that is not complete is unknown, never absent.
 *   <li>An error is reported as {@link Sink#blind} for the scope that it hides, or thrown: a {@link
 *       com.cybernance.continuity.facts.ContinuityException} where the kind is known, anything else counts as
 *       unexpected. It is never swallowed.
 *   <li>The look ends within the deadline and reacts to interruption. It does not retry: core decides that.
 *   <li>It changes nothing at the source, unless the embedder opted in to a canary on this target.
 *   <li>It reports at most 100,000 things; a look that goes on beyond that, or beyond its deadline, is cut off by an
 *       unchecked exception from the sink.
 *   <li>The sink is used on the calling thread only, and not after {@code look} returned.
 * </ul>
 *
 * @param <T> the facts that are seen
 */
public interface Source<T> {
    /** Looks once, now, on the calling thread. */
    void look(Deadline deadline, Sink<T> sink) throws Exception;
}
