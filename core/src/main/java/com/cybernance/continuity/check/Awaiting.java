package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Objective;

/**
 * Stands in for the judge of an objective whose facts nothing can deliver yet: always UNKNOWN, and says what is
 * missing.
 *
 * @param facet the interface of a provider that would see it
 * @param what what it would show, in words
 */
record Awaiting<O extends Objective>(String facet, String what) implements Judge<O> {
    @Override
    public Opinion judge(O objective, Question question) {
        String bound = question.subject().targets().isEmpty()
                ? "nothing is bound to '%s', and ".formatted(question.subject().name())
                : "";
        return Opinion.unknown(
                "%sthis release has no judge for it; one would need %s".formatted(bound, what),
                "a release that judges it, and a target that offers %s".formatted(facet));
    }
}
