package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.spi.Restorer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a run stands, made from nothing but its records; what a record cannot bring back is not in here. */
final class RunState {
    private static final int FORMAT = 1;

    private final String run;
    private final Map<String, Map<String, String>> done = new LinkedHashMap<>();
    private @Nullable RestorePlan plan;
    private @Nullable Instant started;
    private @Nullable Duration began;
    private @Nullable Duration answered;
    private @Nullable Instant ended;
    private @Nullable Comparison comparison;
    private @Nullable String failure;
    private Instant last = Instant.MIN;
    private Duration elapsed = Duration.ZERO;
    private boolean timed = true;
    private boolean recorded;
    private boolean discarded;

    RunState(String run) {
        this.run = run;
    }

    /** What a record tells. */
    enum Kind {
        BEGUN,
        STEP_STARTED,
        STEP_DONE,
        COMPARED,
        FAILED,
        RECORDED,
        DISCARDED
    }

    static int format() {
        return FORMAT;
    }

    /** Takes in the next record of the run's stream. */
    void take(byte[] record) {
        Json.read(record, "a record of run " + run, FORMAT, root -> {
            take(root);
            return true;
        });
    }

    private void take(JsonNode root) {
        Kind kind = Json.word(root, "kind", Kind.class);
        if ((plan == null) != (kind == Kind.BEGUN) || discarded) {
            throw new IllegalArgumentException("%s does not follow what was recorded before".formatted(kind));
        }
        last = Json.moment(root, "at");
        elapsed = Json.duration(root, "elapsed");
        timed &= Json.part(root, "timed").booleanValue();
        switch (kind) {
            case BEGUN -> plan = approved(PlanJson.plan(Json.part(root, "plan")), Json.part(root, "approval"));
            case STEP_STARTED -> stepStarted(Json.text(root, "step"));
            case STEP_DONE -> stepDone(Json.text(root, "step"), Json.map(root, "results"));
            case COMPARED -> {
                if (!left().isEmpty() || ended()) {
                    throw new IllegalArgumentException("it was compared with the steps %s left".formatted(left()));
                }
                comparison = DrillJson.comparison(Json.part(root, "comparison"));
                ended = last;
            }
            case FAILED -> {
                failure = Json.text(root, "why");
                ended = last;
            }
            case RECORDED -> {
                onlyOnceEnded(kind);
                recorded = true;
            }
            case DISCARDED -> {
                onlyOnceEnded(kind);
                discarded = true;
            }
        }
    }

    /** The run's id is the digest of the approval, so a record can bring no plan but the one that was approved. */
    private RestorePlan approved(RestorePlan begun, JsonNode node) {
        Approval approval = new Approval(
                Json.text(node, "plan"),
                Json.text(node, "approver"),
                Json.moment(node, "givenAt"),
                Json.moment(node, "expiresAt"));
        if (!RunLog.id(approval).equals(run)) {
            throw new IllegalArgumentException("its approval, for plan %s, does not let this run carry out plan %s"
                    .formatted(approval.plan(), begun.id()));
        }
        try {
            approval.check(begun, approval.givenAt());
        } catch (ContinuityException denied) {
            throw new IllegalArgumentException(denied.getMessage(), denied);
        }
        return begun;
    }

    private void stepStarted(String step) {
        inOrder(step);
        if (started == null) {
            started = last;
            began = elapsed;
        }
    }

    private void stepDone(String step, Map<String, String> results) {
        inOrder(step);
        done.put(step, results);
        if (answered == null && results.containsKey(Restorer.ANSWERS)) {
            answered = elapsed;
        }
    }

    private void onlyOnceEnded(Kind kind) {
        if (!ended()) {
            throw new IllegalArgumentException("it is %s before it ended".formatted(kind));
        }
    }

    private void inOrder(String step) {
        if (!left().stream().findFirst().equals(Optional.of(step)) || ended()) {
            throw new IllegalArgumentException("step '%s' is not the next one of %s".formatted(step, plan().steps()));
        }
    }

    String run() {
        return run;
    }

    boolean begun() {
        return plan != null;
    }

    /** The plan of a run that was begun. */
    RestorePlan plan() {
        if (plan == null) {
            throw new IllegalStateException("run %s was not begun".formatted(run));
        }
        return plan;
    }

    /** The steps that are not done yet, in order. */
    List<String> left() {
        return plan().steps().stream().filter(step -> !done.containsKey(step)).toList();
    }

    /** What the steps that are done brought. */
    Map<String, String> results() {
        Map<String, String> results = new LinkedHashMap<>();
        done.values().forEach(results::putAll);
        return results;
    }

    /** Whether it was compared or failed. */
    boolean ended() {
        return ended != null;
    }

    boolean recorded() {
        return recorded;
    }

    boolean discarded() {
        return discarded;
    }

    /** When the last record was made, on the wall clock. */
    Instant last() {
        return last;
    }

    /** How long the run had taken by its last record. */
    Duration elapsed() {
        return elapsed;
    }

    /** What a run that ended measured. */
    DrillRecord drill() {
        RestorePlan of = plan();
        Instant end = ended == null ? last : ended;
        return new DrillRecord(
                run,
                of.goal().resource(),
                of.request().point().id(),
                of.request().copy(),
                of.goal().to().toString(),
                of.goal().to().moment(),
                started == null ? end : started,
                end,
                rta(),
                comparison == null ? new Comparison(Optional.empty(), "", List.of()) : comparison,
                Optional.ofNullable(failure));
    }

    private Optional<Duration> rta() {
        return timed && began != null && answered != null ? Optional.of(answered.minus(began)) : Optional.empty();
    }
}
