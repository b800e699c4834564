package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Continuous;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether every moment can be reached from the copies in each place that counts, from the first to one that is no older
 * than the longest pause. Each place is judged alone: a hole in one of them is a hole, whatever another holds.
 */
final class ContinuousJudge implements Judge<Continuous> {
    private static final String SHIP = "find out why the log no longer arrives there, and take a base backup";

    @Override
    public Opinion judge(Continuous objective, Question question) {
        List<Seen<RestorePoint>> seen = question.seen(Facet.RESTORE_POINTS);
        if (seen.isEmpty()) {
            return question.cannotSee(Facet.RESTORE_POINTS, "a log that reaches the vault without holes");
        }
        List<Known<?>> used = List.copyOf(seen.stream().map(Seen::known).toList());
        Optional<Elsewhere> elsewhere = Elsewhere.of(objective.elsewhere(), question);
        if (elsewhere.isEmpty()) {
            return Elsewhere.unknown(question, used);
        }
        return Opinion.worst(
                seen.stream()
                        .flatMap(each -> target(objective, question, elsewhere.get(), each).stream())
                        .toList(),
                "place");
    }

    private static List<Opinion> target(
            Continuous objective, Question question, Elsewhere elsewhere, Seen<RestorePoint> seen) {
        TargetId target = seen.known().target();
        Set<String> scopes = question.subject().history(target).scopes();
        if (!seen.all(scopes)) {
            return List.of(opinion(
                    seen, Verdict.UNKNOWN, seen.notAll(scopes), "mend what hides the restore points, then look again"));
        }
        if (seen.facts().isEmpty()) {
            return List.of(opinion(
                    seen,
                    Verdict.BREACHED,
                    "%s has no restore point at all".formatted(target),
                    "take a base backup now, and have its log received"));
        }
        if (!seen.known().missed().isEmpty()) {
            return List.of(opinion(
                    seen,
                    Verdict.UNKNOWN,
                    "%s had restore points at an earlier look and has none now"
                            .formatted(seen.known().missed().get(0)),
                    "find out whether it went or is only hidden; a new instance starts without the memory of it"));
        }
        Map<String, List<RestorePoint>> byResource = seen.facts().stream()
                .collect(
                        Collectors.groupingBy(point -> point.resource().toString(), TreeMap::new, Collectors.toList()));
        return byResource.values().stream()
                .flatMap(points -> new Case(
                                objective,
                                question,
                                elsewhere,
                                seen,
                                points.get(0).resource(),
                                question.subject().history(target))
                        .opinions(points).stream())
                .toList();
    }

    /** A range of moments that can be reached. */
    private record Reach(Instant from, Instant to) {}

    /** The judgement of one resource. */
    private record Case(
            Continuous objective,
            Question question,
            Elsewhere elsewhere,
            Seen<RestorePoint> seen,
            ResourceId resource,
            PointHistory history) {
        private static List<Place> copies(List<RestorePoint> points) {
            return points.stream()
                    .flatMap(point -> point.copies().stream())
                    .map(Copy::place)
                    .toList();
        }

        List<Opinion> opinions(List<RestorePoint> points) {
            Set<Place> places = places(points, Copy.State.COMPLETE);
            if (places.isEmpty()) {
                return List.of(
                        places(points, Copy.State.TAKEN).isEmpty()
                                ? say(
                                        Verdict.BREACHED,
                                        elsewhere.noCopy(resource, copies(points)),
                                        elsewhere.remedy("have its log received in another place", copies(points)))
                                : say(
                                        Verdict.UNKNOWN,
                                        "%s has copies%s that nobody found complete"
                                                .formatted(resource.member(), elsewhere.inWords()),
                                        "have the copies hashed where they are kept, so that they count as COMPLETE"));
            }
            List<Opinion> opinions = new ArrayList<>();
            for (Place place : earlierPlaces()) {
                if (!places.contains(place)) {
                    opinions.add(say(
                            Verdict.UNKNOWN,
                            "%s had copies in %s at an earlier look and has none there now"
                                    .formatted(resource.member(), elsewhere.name(place)),
                            "find out whether that vault is lost, and copy from another one to a new vault if it is"));
                }
            }
            places.forEach(place -> opinions.add(place(place, reached(points, place))));
            return opinions;
        }

        private Set<Place> places(List<RestorePoint> points, Copy.State least) {
            return points.stream()
                    .flatMap(point -> point.copies().stream())
                    .filter(copy -> copy.state().compareTo(least) >= 0)
                    .map(Copy::place)
                    .filter(elsewhere::survives)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }

        private Set<Place> earlierPlaces() {
            return history.looks().stream()
                    .flatMap(look -> look.of(resource))
                    .map(Newest::place)
                    .filter(elsewhere::survives)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }

        /** The moments that complete copies in the place reach, joined where no time lies between them. */
        private static List<Reach> reached(List<RestorePoint> points, Place place) {
            List<Reach> joined = new ArrayList<>();
            points.stream()
                    .filter(point -> point.copies().stream()
                            .anyMatch(copy -> copy.state() != Copy.State.TAKEN
                                    && copy.place().equals(place)))
                    .map(point -> new Reach(point.earliest(), point.latest()))
                    .sorted(Comparator.comparing(Reach::from))
                    .forEach(next -> {
                        Reach last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
                        if (last == null || next.from().isAfter(last.to())) {
                            joined.add(next);
                        } else if (next.to().isAfter(last.to())) {
                            joined.set(joined.size() - 1, new Reach(last.from(), next.to()));
                        }
                    });
            return joined;
        }

        private Opinion place(Place place, List<Reach> reached) {
            for (int i = 1; i < reached.size(); i++) {
                Instant from = reached.get(i - 1).to();
                Instant to = reached.get(i).from();
                if (Duration.between(from, to).compareTo(objective.longestPause()) > 0) {
                    return gap(place, from, to, "no moment between them can be reached");
                }
            }
            Instant newest = reached.get(reached.size() - 1).to();
            Exposures exposures = Exposures.of(history, resource, place::equals, Exposures.NO_COPY);
            if (!exposures.current()) {
                return say(
                        Verdict.UNKNOWN,
                        "%s was not remembered from the newest look".formatted(elsewhere.name(place)),
                        "look again");
            }
            if (exposures.reached().isAfter(newest)) {
                return gap(place, newest, exposures.reached(), "an earlier look found these moments reachable");
            }
            Duration ahead = Duration.between(question.now(), newest);
            if (ahead.compareTo(Exposures.CLOCK_SLACK) > 0) {
                return say(
                        Verdict.UNKNOWN,
                        "the newest moment in %s lies %s ahead of the clock here: the two clocks disagree, so no time between them means anything"
                                .formatted(elsewhere.name(place), InWords.about(ahead)),
                        "set both clocks right, then look again");
            }
            Duration lag = exposures.now();
            if (lag.compareTo(objective.longestPause()) > 0) {
                return gap(
                        place,
                        newest,
                        question.now(),
                        "nothing newer arrived for %s, at most %s is allowed"
                                .formatted(InWords.about(lag), InWords.duration(objective.longestPause())));
            }
            return advancing(place, reached.get(0).from(), newest, exposures);
        }

        private Opinion advancing(Place place, Instant first, Instant newest, Exposures exposures) {
            Optional<Duration> advanced = exposures.advanced();
            if (advanced.isEmpty() || advanced.get().compareTo(question.clause().evidenceAge()) > 0) {
                return say(
                        Verdict.UNKNOWN,
                        "no look within %s found anything newer in %s than the look before it"
                                .formatted(InWords.about(question.clause().evidenceAge()), elsewhere.name(place)),
                        "look again, while something is committed");
            }
            return say(
                    Verdict.MET,
                    "in %s every moment from %s to %s can be reached, and the newest one advances (%s behind)"
                            .formatted(
                                    elsewhere.name(place), time(first), time(newest), InWords.about(exposures.now())),
                    "nothing");
        }

        private Opinion gap(Place place, Instant from, Instant to, String why) {
            return say(
                    Verdict.BREACHED,
                    "%s has a gap in %s from %s to %s: %s"
                            .formatted(resource.member(), elsewhere.name(place), time(from), time(to), why),
                    SHIP);
        }

        private Opinion say(Verdict verdict, String reason, String nextStep) {
            return opinion(seen, verdict, reason, nextStep);
        }
    }

    private static Instant time(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MILLIS);
    }

    private static Opinion opinion(Seen<RestorePoint> seen, Verdict verdict, String reason, String nextStep) {
        return new Opinion(
                verdict,
                InWords.count(seen.facts().size(), "restore point"),
                List.of(reason),
                nextStep,
                List.of(seen.known()));
    }
}
