package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A restore point is completed in each interval, none missed.
 *
 * @param interval how often
 * @param elsewhere the factors in which the restore point must differ from its source; empty when any place will do
 */
public record Every(Interval interval, Set<Factor> elsewhere) implements Objective {
    public Every {
        elsewhere = Set.copyOf(elsewhere);
    }

    @Override
    public String word() {
        return "every";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Every old = (Every) before;
        List<String> weaker = new ArrayList<>();
        if (interval.compareTo(old.interval) > 0) {
            weaker.add("the interval was one %s, now one %s".formatted(old.interval.word(), interval.word()));
        }
        weaker.addAll(Figures.dropped("elsewhere", Figures.words(old.elsewhere), Figures.words(elsewhere)));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        return elsewhere.isEmpty()
                ? "every %s a restore point is completed, none missed".formatted(interval.word())
                : "every %s a restore point is completed in another %s, none missed"
                        .formatted(interval.word(), String.join(" and another ", Figures.words(elsewhere)));
    }

    /** How often, most often first. */
    public enum Interval {
        HOUR(Duration.ofHours(1)),
        DAY(Duration.ofDays(1)),
        WEEK(Duration.ofDays(7));

        private final Duration length;

        Interval(Duration length) {
            this.length = length;
        }

        public Duration length() {
            return length;
        }

        /** The interval as policy files write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
