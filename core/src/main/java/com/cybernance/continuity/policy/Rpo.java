package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How much work a disaster may cost: measured as exposure, the work of which no durable copy exists.
 *
 * @param within the most exposure, inclusive
 * @param share the share of the samples that must keep to it, more than 0; 1 is every sample
 * @param over the period that the samples are taken from
 * @param elsewhere the factors in which a copy must differ from every server of the source to count; empty when any
 *     complete copy will do
 */
public record Rpo(Duration within, double share, Duration over, Set<Factor> elsewhere) implements Objective {
    /** The period when none is given. */
    public static final Duration DEFAULT_PERIOD = Duration.ofHours(24);

    public Rpo {
        Figures.time("within", within);
        Figures.share("share", share);
        Figures.time("over", over);
        elsewhere = Set.copyOf(elsewhere);
    }

    /** Any complete copy counts. */
    public Rpo(Duration within, double share, Duration over) {
        this(within, share, over, Set.of());
    }

    /** Every sample of the last 24 hours. */
    public static Rpo of(Duration within) {
        return new Rpo(within, 1, DEFAULT_PERIOD);
    }

    /** Every sample of the last 24 hours. */
    public static Rpo ofMinutes(int minutes) {
        return of(Duration.ofMinutes(minutes));
    }

    /** Whether no sample at all may exceed the limit. */
    public boolean everySample() {
        return share == 1;
    }

    @Override
    public String word() {
        return "rpo";
    }

    /**
     * Also weaker: for every sample a shorter period, which forgets a breach sooner; for a share a longer one, in which
     * one long gap weighs less.
     */
    @Override
    public List<String> weakerThan(Objective before) {
        Rpo old = (Rpo) before;
        List<String> weaker = new ArrayList<>(Figures.longer("the most exposure", old.within, within));
        if (share < old.share) {
            weaker.add("the share of samples was %s, now %s".formatted(InWords.share(old.share), InWords.share(share)));
        }
        if (old.everySample() && everySample()) {
            weaker.addAll(Figures.shorter("the period", old.over, over));
        } else if (!old.everySample() && !everySample()) {
            weaker.addAll(Figures.longer("the period", old.over, over));
        }
        weaker.addAll(Figures.dropped("elsewhere", Figures.words(old.elsewhere), Figures.words(elsewhere)));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        String what = elsewhere.isEmpty()
                ? "a disaster"
                : "a disaster that takes every %s of the servers"
                        .formatted(String.join(" and ", Figures.words(elsewhere)));
        return "%s would cost at most the last %s of work, in %s over %s"
                .formatted(
                        what,
                        InWords.duration(within),
                        everySample() ? "every sample" : InWords.share(share) + " of the samples",
                        InWords.duration(over));
    }
}
