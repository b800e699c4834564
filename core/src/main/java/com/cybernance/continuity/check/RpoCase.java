package com.cybernance.continuity.check;

import com.cybernance.continuity.check.Exposures.Sample;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Rpo;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The judgement of one resource. */
record RpoCase(
        Rpo objective,
        Question question,
        Elsewhere elsewhere,
        Seen<RestorePoint> seen,
        Set<String> scopes,
        ResourceId resource,
        Exposures exposures) {
    private static final String FIND_OUT = "find out why nothing newer reaches the copies: is the log still shipped?";

    Opinion opinion() {
        if (exposures.isEmpty()) {
            return withoutSample();
        }
        Duration period = objective.over().dividedBy(question.periodScale());
        List<Sample> inPeriod = exposures.within(period);
        List<Sample> beyond = inPeriod.stream()
                .filter(each -> each.exposure().compareTo(objective.within()) > 0)
                .toList();
        Duration now = exposures.now();
        boolean canSee = exposures.current() && !(seen.facts().isEmpty() && !seen.all(scopes));
        boolean beyondNow = canSee && now.compareTo(objective.within()) > 0;
        int total = inPeriod.size() + (beyondNow ? 1 : 0);
        int good = inPeriod.size() - beyond.size();
        Duration unobserved = exposures.unobserved(period, objective.within());
        boolean tooMany = good < objective.share() * total;
        if (objective.everySample() && (beyondNow || !beyond.isEmpty())) {
            return beyondNow ? breachedNow(now) : breached(beyond, inPeriod);
        }
        if (tooMany && unobserved.isZero()) {
            return breached(beyond, inPeriod);
        }
        Optional<Opinion> blind = blind(canSee, now);
        if (blind.isPresent()) {
            return blind.get();
        }
        if (!unobserved.isZero()) {
            return unknown(
                    "observed %s of %s%s; so far %s"
                            .formatted(
                                    InWords.about(period.minus(unobserved)),
                                    InWords.duration(period),
                                    scaled(),
                                    spread(inPeriod)),
                    "go on looking: every %s at most, until the whole period was observed"
                            .formatted(InWords.duration(objective.within())));
        }
        return met(inPeriod, good, now, period);
    }

    private Opinion withoutSample() {
        boolean whole = seen.all(scopes);
        boolean taken = copies().stream().anyMatch(elsewhere::survives);
        if (!whole) {
            return unknown(seen.notAll(scopes), "mend what hides the restore points, then look again");
        }
        return taken
                ? unknown(
                        "%s has copies%s that nobody found complete".formatted(resource.member(), elsewhere.inWords()),
                        "have the copies hashed where they are kept, so that they count as COMPLETE")
                : opinion(
                        Verdict.BREACHED,
                        List.of(elsewhere.noCopy(resource, copies())),
                        elsewhere.remedy("take a backup to another place now", copies()));
    }

    /** Where the copies are that the newest look showed. */
    private List<Place> copies() {
        return seen.facts().stream()
                .filter(point -> point.resource().equals(resource))
                .flatMap(point -> point.copies().stream())
                .map(Copy::place)
                .toList();
    }

    /** Why nobody knows how it stands at this moment. */
    private Optional<Opinion> blind(boolean canSee, Duration now) {
        if (!canSee) {
            String why = seen.gaps().isEmpty()
                    ? "the newest look found no complete copy of %s%s".formatted(resource.member(), elsewhere.inWords())
                    : seen.notAll(scopes);
            return Optional.of(unknown(why, "mend what hides the restore points, then look again"));
        }
        Duration ahead = Duration.between(question.now(), exposures.last().latest());
        if (ahead.compareTo(Exposures.CLOCK_SLACK) > 0) {
            return Optional.of(unknown(
                    "the newest moment of %s lies %s ahead of the clock here: the two clocks disagree, so no time between them means anything"
                            .formatted(resource.member(), InWords.about(ahead)),
                    "set both clocks right, then look again"));
        }
        Optional<Duration> advanced = exposures.advanced();
        boolean fresh = advanced.isPresent()
                && advanced.get().compareTo(question.clause().evidenceAge()) <= 0;
        if (fresh) {
            return Optional.empty();
        }
        Duration left = objective.within().minus(now);
        String end = left.isNegative() ? "the limit is passed" : "breached in " + InWords.about(left);
        return Optional.of(unknown(
                advanced.map(age -> "nothing newer was found in a copy for %s, at most %s is allowed; %s"
                                .formatted(
                                        InWords.about(age),
                                        InWords.about(question.clause().evidenceAge()),
                                        end))
                        .orElse("no look yet found anything newer than the look before it; " + end),
                "look again; if nothing newer arrives, " + FIND_OUT));
    }

    private Opinion met(List<Sample> inPeriod, int good, Duration now, Duration period) {
        List<String> reasons = new ArrayList<>();
        reasons.add("%d of %s within %s: %s"
                .formatted(
                        good,
                        InWords.count(inPeriod.size(), "sample"),
                        InWords.duration(objective.within()),
                        spread(inPeriod)));
        reasons.add("observed %s of %s%s".formatted(InWords.duration(period), InWords.duration(period), scaled()));
        reasons.add("the newest copy%s reaches %s, %s ago; with nothing newer it is breached in %s"
                .formatted(
                        elsewhere.inWords(),
                        exposures.last().latest().truncatedTo(ChronoUnit.MILLIS),
                        InWords.about(now),
                        InWords.about(objective.within().minus(now))));
        return opinion(Verdict.MET, reasons, "nothing");
    }

    private Opinion breachedNow(Duration now) {
        if (exposures.last().exposure().compareTo(Exposures.NO_COPY) >= 0) {
            return opinion(
                    Verdict.BREACHED,
                    List.of(
                            elsewhere.inTheWay(copies()).isEmpty()
                                    ? "the copies that there were are gone, and a disaster now would cost everything"
                                    : "a disaster now would cost everything: " + elsewhere.noCopy(resource, copies())),
                    elsewhere.remedy(FIND_OUT, copies()));
        }
        return opinion(
                Verdict.BREACHED,
                List.of("a disaster now would cost %s, promised at most %s"
                        .formatted(InWords.about(now), InWords.duration(objective.within()))),
                FIND_OUT);
    }

    private Opinion breached(List<Sample> beyond, List<Sample> inPeriod) {
        Optional<Sample> worst = beyond.stream().max(Comparator.comparing(Sample::exposure));
        return opinion(
                Verdict.BREACHED,
                List.of("%d of %s beyond %s%s; %s"
                        .formatted(
                                beyond.size(),
                                InWords.count(inPeriod.size(), "sample"),
                                InWords.duration(objective.within()),
                                worst.map(each -> ", the worst at %s with %s"
                                                .formatted(
                                                        each.look().at().truncatedTo(ChronoUnit.SECONDS), cost(each)))
                                        .orElse(""),
                                spread(inPeriod))),
                FIND_OUT);
    }

    private static String cost(Sample sample) {
        return sample.exposure().compareTo(Exposures.NO_COPY) >= 0
                ? "no copy at all"
                : InWords.about(sample.exposure());
    }

    private static String spread(List<Sample> samples) {
        return Spread.of(
                samples.stream()
                        .map(Sample::exposure)
                        .filter(each -> each.compareTo(Exposures.NO_COPY) < 0)
                        .toList(),
                "measured exposure");
    }

    private String scaled() {
        return question.periodScale() == 1
                ? ""
                : " (%s, divided by %d as the policy says)"
                        .formatted(InWords.duration(objective.over()), question.periodScale());
    }

    private Opinion unknown(String reason, String nextStep) {
        return opinion(Verdict.UNKNOWN, List.of(reason), nextStep);
    }

    private Opinion opinion(Verdict verdict, List<String> reasons, String nextStep) {
        String observed = exposures.isEmpty()
                ? "no complete copy of %s that counts".formatted(resource.member())
                : "%s of %s".formatted(InWords.count(exposures.size(), "sample"), resource.member());
        return new Opinion(verdict, observed, reasons, nextStep, List.of(seen.known()));
    }
}
