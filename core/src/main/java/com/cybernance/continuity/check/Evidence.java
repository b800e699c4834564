package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a finding was judged from, so that it can be matched with the provider's own trail.
 *
 * @param target who looked
 * @param facet through what
 * @param observedAt when the look began; empty when no look ever got an answer
 * @param age how old that was at the moment of the judgement
 * @param asked the questions that were put, with the digests of the answers
 */
public record Evidence(
        TargetId target, String facet, Optional<Instant> observedAt, Duration age, List<Observation> asked) {
    static Evidence of(Known<?> known) {
        return new Evidence(
                known.target(),
                known.facet().name(),
                known.answer().map(Sighting::at),
                known.age(),
                known.answer().map(answer -> List.copyOf(answer.asked())).orElse(List.of()));
    }
}
