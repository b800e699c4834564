package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.guard.Failures;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Carries out approved plans, step by step, so that a crash at any instant costs nothing but time: each step is on record
 * before it is begun and after it is done, and {@link #resume} goes on from there. One process at a time is at a run,
 * held by the lease of its stream. A run ends with a drill record, whether it came to its comparison or failed; what it
 * made stays for inspection until {@link #discard}.
 *
 * <p>Where the state store cannot tell whether another process lives, as in a vault, taking up a run takes it away from
 * whoever is at it: they end with {@code CONFLICT} at their next record, and until then both may ask the restorer for a
 * step. There, make sure that a process has ended before its run is resumed or discarded elsewhere.
 *
 * <p>Calls block until the run has ended. Thread-safe. Interruption leaves the run as a crash would: resume it.
 */
public final class RestoreRunner {
    private final StateStore store;
    private final Restorer restorer;
    private final Verifier verifier;
    private final Timing timing;

    public RestoreRunner(StateStore store, Restorer restorer, Verifier verifier, Timing timing) {
        this.store = store;
        this.restorer = restorer;
        this.verifier = verifier;
        this.timing = timing;
    }

    /**
     * Carries out a plan. The same plan and approval again are the same run: it goes on where it stands, and gives the
     * same record once it has ended.
     *
     * @return what was measured; a run that failed says why and has not passed
     * @throws ContinuityException of kind {@code DENIED} when the approval is not for this plan, or not for now;
     *     {@code CONFLICT} when another process is at the run, when it was discarded, or when the restorer would do other
     *     steps; of any kind when the state store fails, and the run can be resumed
     */
    public DrillRecord run(RestorePlan plan, Approval approval) {
        String run = RunLog.id(approval);
        // Under an approval that has expired a run that was begun may go on, and none may begin.
        boolean begun = RunStream.read(store, run).begun();
        approval.check(plan, begun ? approval.givenAt() : timing.clock().instant());
        refuseOtherSteps(plan);
        // Before anything is touched: records of a newer release forbid to add to them.
        DrillLog.read(store);
        return interruptibly(run, () -> {
            RunLog.add(store, run, timing);
            try (RunStream stream = RunStream.open(store, run, timing)) {
                if (!stream.state().begun()) {
                    // Again: waiting for others may have taken until after it expired.
                    approval.check(plan, timing.clock().instant());
                    stream.begun(plan, approval);
                }
                return carryOn(stream);
            }
        });
    }

    /**
     * Goes on with a run whose process ended. The approval was checked when it was begun and is not asked for again.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when there is no such run, and as {@link #run} does
     */
    public DrillRecord resume(String run) {
        refuseOtherSteps(RunLog.plan(store, run));
        DrillLog.read(store);
        return interruptibly(run, () -> {
            try (RunStream stream = RunStream.open(store, run, timing)) {
                return carryOn(stream);
            }
        });
    }

    /**
     * Removes what a run made at its destination. One that has not ended is given up first, and counts as failed.
     * Idempotent.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when there is no such run, {@code CONFLICT} while a process is
     *     at it; of any kind when the restorer cannot remove it now, and it can be discarded again
     */
    public void discard(String run) {
        RestoreRequest request = RunLog.plan(store, run).request();
        interruptibly(run, () -> {
            try (RunStream stream = RunStream.open(store, run, timing)) {
                if (!stream.state().discarded()) {
                    if (!stream.state().ended()) {
                        stream.failed("it was given up before it ended");
                    }
                    record(stream);
                    restorer.discard(run, request);
                    stream.discarded();
                }
                return true;
            }
        });
    }

    private void refuseOtherSteps(RestorePlan plan) {
        List<String> now = restorer.steps(plan.request());
        if (!now.equals(plan.steps())) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "plan %s has the steps %s, and the restorer would now do %s"
                            .formatted(plan.id(), plan.steps(), now),
                    "plan again and have the new plan approved; or use the release that made the plan");
        }
    }

    private DrillRecord carryOn(RunStream stream) throws InterruptedException {
        RunState state = stream.state();
        if (state.discarded()) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "run %s was discarded".formatted(state.run()),
                    "approve the plan again for another run");
        }
        if (!state.ended()) {
            Deadline deadline = timing.deadline(timing.runWithin());
            if (steps(stream, deadline)) {
                compare(stream, deadline);
            }
        }
        record(stream);
        return state.drill();
    }

    /** Whether all steps are done. */
    private boolean steps(RunStream stream, Deadline all) throws InterruptedException {
        RunState state = stream.state();
        RestoreRequest request = state.plan().request();
        for (String step : state.left()) {
            stream.stepStarted(step);
            Map<String, String> earlier = state.results();
            Duration within = shorter(timing.stepWithin(), all.remaining());
            if (within.isZero()) {
                stream.failed("no time was left for step '%s': %s were allowed for all"
                        .formatted(step, InWords.duration(timing.runWithin())));
                return false;
            }
            Progress end = new StepRun(
                            "step '%s'".formatted(step),
                            () -> restorer.begin(state.run(), request, step, earlier),
                            () -> restorer.poll(state.run(), request, step),
                            within,
                            timing.deadline(within),
                            timing)
                    .finish();
            if (end.state() != Progress.State.DONE) {
                stream.failed(end.detail());
                return false;
            }
            stream.stepDone(step, end.results());
        }
        return true;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void compare(RunStream stream, Deadline deadline) throws InterruptedException {
        RunState state = stream.state();
        Timing.Waits waits = timing.waits(deadline);
        while (true) {
            Comparison comparison;
            try {
                comparison = requireNonNull(
                        verifier.compare(state.run(), state.plan().request(), state.results(), deadline));
            } catch (RuntimeException thrown) {
                FailureKind kind = Failures.kind(thrown);
                if (kind == FailureKind.INTERRUPTED) {
                    throw thrown;
                }
                if (kind.silence() && !deadline.remaining().isZero()) {
                    waits.await();
                    continue;
                }
                stream.failed("what was restored could not be compared: " + Failures.words(thrown));
                return;
            }
            stream.compared(comparison);
            return;
        }
    }

    /** Adds the drill to the log of drills, once. */
    private void record(RunStream stream) throws InterruptedException {
        RunState state = stream.state();
        if (!state.recorded()) {
            DrillRecord drill = state.drill();
            SharedStream.addOnce(
                    store,
                    DrillLog.STREAM,
                    DrillJson.write(drill),
                    each -> DrillJson.read(each).run().equals(drill.run()),
                    timing);
            stream.recorded();
        }
    }

    /** What a caller asks for, which may be interrupted. */
    @FunctionalInterface
    private interface Act<T> {
        T call() throws InterruptedException;
    }

    private static <T> T interruptibly(String run, Act<T> act) {
        try {
            return act.call();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContinuityException(
                    FailureKind.INTERRUPTED,
                    "run %s was interrupted and stands where its last record says".formatted(run),
                    "resume it",
                    interrupted);
        }
    }
}
