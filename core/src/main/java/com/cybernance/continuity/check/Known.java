package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All that is known through one facet of one target: the last answer, and the silence after it if the newest look got
 * none. An answer replaces what was known before, even the answer "you may not look"; silence only lets it age.
 *
 * @param answer the newest sighting that was not silent; empty when none ever came
 * @param age how old the answer is, on the clock that shows more time since; zero without an answer
 * @param silence the newest sighting, when it was silent
 * @param missed members that earlier looks showed and the last answer does not
 * @param <T> the facts that are seen
 */
public record Known<T>(
        Facet<T> facet,
        TargetId target,
        Optional<Sighting<T>> answer,
        Duration age,
        Optional<Sighting<T>> silence,
        List<ResourceId> missed) {
    public Known {
        missed = List.copyOf(missed);
    }

    /** A facet that was never looked at. */
    public static <T> Known<T> none(Facet<T> facet, TargetId target) {
        return new Known<>(facet, target, Optional.empty(), Duration.ZERO, Optional.empty(), List.of());
    }

    /**
     * What a judge may use.
     *
     * @param most the greatest age that is allowed, inclusive
     */
    Seen<T> seen(Duration most) {
        if (answer.isEmpty()) {
            String why = silence.map(last -> "could not look: " + words(last.blind()))
                    .orElse("not looked at yet. Hint: call look() or check()");
            return Seen.nothing(this, why);
        }
        if (age.compareTo(most) > 0) {
            return Seen.nothing(this, tooOld(most));
        }
        return Seen.fresh(this, answer.get());
    }

    private String tooOld(Duration most) {
        String old = "evidence is %s old, at most %s is allowed".formatted(InWords.about(age), InWords.about(most));
        return silence.map(last -> old + "; the last look brought nothing: " + words(last.blind()))
                .orElse(old);
    }

    private static String words(List<Blind> blind) {
        return blind.stream().map(Blind::why).distinct().collect(Collectors.joining("; "));
    }
}
