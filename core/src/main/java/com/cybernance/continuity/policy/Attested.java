package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that we cannot measure and for which a named person vouches. Without a vouch in force nobody knows whether
 * it holds; arithmetic may contradict it, and no vouch lifts that.
 *
 * @param what what is claimed, in our own words
 * @param vouch who vouches for it, if somebody does
 * @param uptime the availability that is claimed, if it is one
 */
public record Attested(String what, Optional<Vouch> vouch, Optional<Uptime> uptime) implements Objective {
    public Attested {
        Figures.text("what", what);
    }

    /** A claim that nobody vouches for yet. */
    public static Attested of(String what) {
        return new Attested(what, Optional.empty(), Optional.empty());
    }

    @Override
    public String word() {
        return "attested";
    }

    /** A vouch is evidence, not promise: its coming and going is no weakening. */
    @Override
    public List<String> weakerThan(Objective before) {
        Attested old = (Attested) before;
        List<String> weaker = new ArrayList<>();
        if (!old.what.equals(what)) {
            weaker.add("the claim was \"%s\", now \"%s\"".formatted(old.what, what));
        }
        old.uptime.ifPresent(claimed -> weaker.addAll(uptime.map(now -> now.weakerThan(claimed))
                .orElseGet(() -> List.of("an availability was claimed (%s), now none".formatted(claimed)))));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        return what
                + uptime.map(claimed -> ": " + claimed).orElse("")
                + vouch.map(given -> " (" + given + ")").orElse(" (nobody vouches for it)");
    }

    /**
     * A person's word, with a document.
     *
     * @param by the person
     * @param document what they rest on: a title, a link
     * @param on the day they gave it
     * @param until the last day on which it counts, inclusive; at most 12 months after {@code on}
     */
    public record Vouch(String by, String document, LocalDate on, LocalDate until) {
        /** The longest time that a vouch may run. */
        public static final int MOST_MONTHS = 12;

        public Vouch {
            Figures.text("by", by);
            Figures.text("document", document);
            if (until.isBefore(on)) {
                throw new IllegalArgumentException("until is %s: must not be before %s".formatted(until, on));
            }
            if (until.isAfter(on.plusMonths(MOST_MONTHS))) {
                throw new IllegalArgumentException("until is %s: must be at most %d months after %s, that is %s"
                        .formatted(until, MOST_MONTHS, on, on.plusMonths(MOST_MONTHS)));
            }
        }

        public boolean inForceOn(LocalDate day) {
            return !day.isBefore(on) && !day.isAfter(until);
        }

        @Override
        public String toString() {
            return "%s vouches for it until %s, resting on %s".formatted(by, until, document);
        }
    }

    /**
     * A claimed availability, and what one ordinary outage takes of it.
     *
     * @param share the share of the period in which the service answers, more than 0, at most 1
     * @param over the period
     * @param oneOutage how long one ordinary outage takes, such as one failover as designed
     */
    public record Uptime(double share, Duration over, Duration oneOutage) {
        public Uptime {
            Figures.share("share", share);
            Figures.time("over", over);
            Figures.time("one-outage", oneOutage);
        }

        /** How long the service may be away in the whole period, to the nanosecond below. */
        public Duration allowed() {
            BigDecimal away = BigDecimal.ONE.subtract(BigDecimal.valueOf(share));
            BigDecimal nanos = away.multiply(BigDecimal.valueOf(over.toNanos()));
            return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
        }

        /** Whether a single ordinary outage takes more than the whole period allows. */
        public boolean contradicted() {
            return oneOutage.compareTo(allowed()) > 0;
        }

        List<String> weakerThan(Uptime before) {
            List<String> weaker = new ArrayList<>();
            if (share < before.share) {
                weaker.add(
                        "the availability was %s, now %s".formatted(InWords.share(before.share), InWords.share(share)));
            }
            weaker.addAll(Figures.longer("the period of the availability", before.over, over));
            weaker.addAll(Figures.shorter("what one outage is taken to last", before.oneOutage, oneOutage));
            return weaker;
        }

        @Override
        public String toString() {
            return "available %s of %s, where one ordinary outage lasts %s"
                    .formatted(InWords.share(share), InWords.duration(over), InWords.duration(oneOutage));
        }
    }
}
