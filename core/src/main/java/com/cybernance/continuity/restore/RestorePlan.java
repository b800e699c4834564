package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.RestoreRequest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a restore would do, before anything is done. Its id is the digest of goal, restore point, copy and steps: who
 * approves the id approves these and no others, and a plan whose id is another cannot be made. When the restore points
 * were seen, what was not chosen and what was not seen are for the reader, and not part of the id.
 *
 * @param id SHA-256 in lower-case hex; the same for the same plan in every process
 * @param goal what was asked for
 * @param request what the restorer is handed with each step
 * @param steps what will be done, in order, each named once
 * @param seenAt when the restore points were seen
 * @param expectedEnd the moment that is reached; empty when a position was asked for
 * @param rejected every other copy of the resource, with the reasons against it
 * @param unseen what the look could not see, in words: a better restore point may hide there
 */
public record RestorePlan(
        String id,
        RestoreGoal goal,
        RestoreRequest request,
        List<String> steps,
        Instant seenAt,
        Optional<Instant> expectedEnd,
        List<Rejected> rejected,
        List<String> unseen) {
    public RestorePlan {
        requireNonNull(seenAt, "seenAt");
        requireNonNull(expectedEnd, "expectedEnd");
        steps = List.copyOf(steps);
        rejected = List.copyOf(rejected);
        unseen = List.copyOf(unseen);
        if (steps.isEmpty() || new HashSet<>(steps).size() < steps.size()) {
            throw new IllegalArgumentException("the steps of a plan are %s, not each named once".formatted(steps));
        }
        if (!request.to().equals(goal.to())
                || !request.destination().equals(goal.destination())
                || !request.point().resource().equals(goal.resource())) {
            throw new IllegalArgumentException("a plan's request is not for its goal");
        }
        Optional<Instant> end = end(goal, request.point());
        if (!end.equals(expectedEnd)) {
            throw new IllegalArgumentException("a plan says that it reaches %s, and its goal and restore point reach %s"
                    .formatted(words(expectedEnd), words(end)));
        }
        String digest = Canonical.id(goal, request, steps);
        if (!digest.equals(id)) {
            throw new IllegalArgumentException(
                    "a plan has the id %s, and the digest of what it says is %s".formatted(id, digest));
        }
    }

    /** What is reached follows from what the id stands for, so nobody can be shown another end. */
    private static Optional<Instant> end(RestoreGoal goal, RestorePoint point) {
        return goal.to().moment().isPresent() || goal.to().position().isPresent()
                ? goal.to().moment()
                : Optional.of(point.latest());
    }

    private static String words(Optional<Instant> end) {
        return end.map(Instant::toString).orElse("what lies there");
    }

    static RestorePlan of(
            RestoreGoal goal,
            RestoreRequest request,
            List<String> steps,
            Instant seenAt,
            Optional<Instant> expectedEnd,
            List<Rejected> rejected,
            List<String> unseen) {
        String id = Canonical.id(goal, request, steps);
        return new RestorePlan(id, goal, request, steps, seenAt, expectedEnd, rejected, unseen);
    }

    /** The plan as JSON, to be read again by {@link #read}. */
    public byte[] json() {
        return PlanJson.write(this);
    }

    /**
     * Reads a plan.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when anything that the id stands for was changed,
     *     {@code UNSUPPORTED} when a newer release wrote it
     */
    public static RestorePlan read(byte[] json) {
        return PlanJson.read(json);
    }

    /** The whole plan in words, for whoever approves it. */
    public String inWords() {
        return "plan %s\nrestores %s to %s, reaching %s\ninto %s\nfrom %s, lineage %s, copy %s, seen at %s\nsteps:%s%s%s"
                .formatted(
                        id,
                        goal.resource(),
                        goal.to(),
                        words(expectedEnd),
                        goal.destination(),
                        request.point().id(),
                        request.point().lineage(),
                        request.copy(),
                        seenAt,
                        lines(steps),
                        rejected.isEmpty() ? "" : "\nnot chosen:" + Rejected.lines(rejected),
                        unseen.isEmpty() ? "" : "\nnot seen:" + lines(unseen));
    }

    private static String lines(List<String> each) {
        return each.stream().map(line -> "\n- " + line).collect(Collectors.joining());
    }
}
