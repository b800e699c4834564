package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes leave for another place all the time, not only when a backup runs.
 *
 * @param pause the longest time, inclusive, that may lie between two moments that can be reached, and between the newest
 *     of them and now; five minutes when it is empty
 * @param elsewhere the factors in which a place must differ from every server of the source; empty when any place will
 *     do
 */
public record Continuous(Optional<Duration> pause, Set<Factor> elsewhere) implements Objective {
    /** The longest pause when none is given. */
    public static final Duration DEFAULT_PAUSE = Duration.ofMinutes(5);

    public Continuous {
        pause.ifPresent(given -> Figures.time("pause", given));
        elsewhere = Set.copyOf(elsewhere);
    }

    /** Pauses of at most five minutes, in any place. */
    public Continuous() {
        this(Optional.empty(), Set.of());
    }

    /** The pause that holds. */
    public Duration longestPause() {
        return pause.orElse(DEFAULT_PAUSE);
    }

    @Override
    public String word() {
        return "continuous";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Continuous old = (Continuous) before;
        List<String> weaker = new ArrayList<>(Figures.longer("the longest pause", old.longestPause(), longestPause()));
        weaker.addAll(Figures.dropped("elsewhere", Figures.words(old.elsewhere), Figures.words(elsewhere)));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        String where = elsewhere.isEmpty() ? "place" : String.join(" and another ", Figures.words(elsewhere));
        return "changes are copied to another %s all the time, without a gap%s"
                .formatted(
                        where,
                        pause.map(each -> " of more than " + InWords.duration(each))
                                .orElse(""));
    }
}
