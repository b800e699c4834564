package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.spi.Facet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What a judge is asked.
 *
 * @param now the moment of the judgement
 * @param periodScale by what periods are divided; 1 when they are as they say
 */
record Question(Clause clause, Subject subject, Estate estate, Instant now, int periodScale) {
    /** The day of the judgement in UTC. */
    LocalDate today() {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    <T> List<Seen<T>> seen(Facet<T> facet) {
        return subject.seen(facet, clause.evidenceAge());
    }

    /** The opinion when a facet that the objective needs is offered by nothing. */
    Opinion cannotSee(Facet<?> facet, String what) {
        return subject.targets().isEmpty()
                ? Opinion.unknown(
                        "nothing is bound to '%s'".formatted(subject.name()),
                        "protect(\"%s\", target) with a target that offers %s: %s"
                                .formatted(subject.name(), facet.name(), what))
                : Opinion.unknown(
                        "no target of '%s' (%s) offers %s"
                                .formatted(
                                        subject.name(),
                                        String.join(
                                                ", ",
                                                subject.targets().stream()
                                                        .map(Object::toString)
                                                        .toList()),
                                        facet.name()),
                        "a target that offers %s: %s".formatted(facet.name(), what));
    }
}
