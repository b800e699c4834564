package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How much of one resource a disaster would have cost, look by look: the time between a look and the newest moment that
 * it found reachable from a copy that counts.
 */
final class Exposures {
    /** Longer than any limit. */
    static final Duration NO_COPY = Duration.ofDays(366_000);

    /** A clock that a machine sets right is off by less. */
    static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

    private final PointHistory history;
    private final List<Sample> samples;

    /** One look that tells something: which it was, how far it reached, and the exposure. */
    record Sample(PointLook look, Instant latest, Duration exposure) {
        /**
         * Whether the look found a moment that was still to come: the clocks disagreed, and no time between them means
         * anything.
         */
        boolean ahead() {
            return latest.isAfter(look.at().plus(CLOCK_SLACK));
        }
    }

    private Exposures(PointHistory history, List<Sample> samples) {
        this.history = history;
        this.samples = samples;
    }

    /**
     * @param limit beyond it, a look that did not see everything tells nothing: what it missed may reach further
     */
    static Exposures of(PointHistory history, ResourceId resource, Predicate<Place> counts, Duration limit) {
        List<Sample> samples = new ArrayList<>();
        boolean ever = false;
        for (PointLook look : history.looks()) {
            Optional<Newest> newest = look.of(resource)
                    .filter(each -> counts.test(each.place()))
                    .min(Comparator.comparing(Newest::exposure));
            if (newest.isPresent() && (look.whole() || newest.get().exposure().compareTo(limit) <= 0)) {
                samples.add(new Sample(look, newest.get().latest(), newest.get().exposure()));
                ever = true;
            } else if (newest.isEmpty() && look.whole() && ever) {
                samples.add(new Sample(look, Instant.MIN, NO_COPY));
            }
        }
        return new Exposures(history, samples);
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    int size() {
        return samples.size();
    }

    Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** Whether the newest look of all is one of the samples. */
    boolean current() {
        return !samples.isEmpty()
                && last().look().equals(history.looks().get(history.looks().size() - 1));
    }

    /** The exposure now: the lag at the last sample and the age of that sample. */
    Duration now() {
        return last().exposure().plus(history.most(last().look()));
    }

    /** How long ago a look found something newer than all looks before it; empty when none did. */
    Optional<Duration> advanced() {
        Optional<Duration> advanced = Optional.empty();
        Optional<Instant> newest = Optional.empty();
        for (Sample sample : samples) {
            if (newest.isPresent() && sample.latest().isAfter(newest.get())) {
                advanced = Optional.of(history.most(sample.look()));
            }
            if (newest.isEmpty() || sample.latest().isAfter(newest.get())) {
                newest = Optional.of(sample.latest());
            }
        }
        return advanced;
    }

    /** The newest moment of all samples. */
    Instant reached() {
        return samples.stream()
                .map(Sample::latest)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    /** The samples of the last so long, and the one before them, which speaks for the time until the next. */
    List<Sample> within(Duration period) {
        int first = samples.size() - 1;
        while (first > 0 && history.least(samples.get(first).look()).compareTo(period) < 0) {
            first--;
        }
        return samples.subList(first, samples.size());
    }

    /**
     * How much of the period nobody can speak for. Between two looks the exposure may have grown, from that of the first,
     * by the time between them: where that stays within the limit it was seen to hold. A sample beyond the limit speaks
     * for itself; one that lies ahead of the clock says nothing.
     */
    Duration unobserved(Duration period, Duration limit) {
        Duration missing = Duration.ZERO;
        for (int i = samples.size() - 1; i >= 0; i--) {
            Sample later = samples.get(i);
            if (history.least(later.look()).compareTo(period) >= 0) {
                return missing;
            }
            if (i == 0) {
                return missing.plus(period.minus(history.least(later.look())));
            }
            Sample earlier = samples.get(i - 1);
            Duration between =
                    earlier.look().most(later.look().at(), later.look().tick());
            boolean bad =
                    later.exposure().compareTo(limit) > 0 || earlier.exposure().compareTo(limit) > 0;
            Duration atMost = bad ? between : earlier.exposure().plus(between);
            if (atMost.compareTo(limit) > 0 || later.ahead() || earlier.ahead()) {
                Duration inPeriod = period.minus(history.least(later.look()));
                missing = missing.plus(between.compareTo(inPeriod) < 0 ? between : inPeriod);
            }
        }
        return period;
    }
}
