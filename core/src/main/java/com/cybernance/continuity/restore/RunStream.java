package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.spi.StateStore;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The records of one run, held by its only writer. What was appended is taken in again as it was written, so that a run
 * that goes on and a run that is resumed stand on the same records. For one thread.
 */
final class RunStream implements AutoCloseable {
    private final StateStore.Writer writer;
    private final RunState state;
    private final Timing timing;
    private final long openedTick;
    private final Duration before;
    private final boolean timed;

    private RunStream(StateStore.Writer writer, RunState state, Timing timing) {
        this.writer = writer;
        this.state = state;
        this.timing = timing;
        this.openedTick = timing.ticker().nanos();
        // Between two processes only the wall clock measures, and where it was set back nothing does.
        Duration down = state.begun() ? Duration.between(state.last(), now()) : Duration.ZERO;
        this.timed = !down.isNegative();
        this.before = timed ? state.elapsed().plus(down) : state.elapsed();
    }

    /** Takes the run's lease and reads what was recorded. */
    static RunStream open(StateStore store, String run, Timing timing) {
        StateStore.Writer writer = store.open(run);
        try {
            return new RunStream(writer, read(store, run), timing);
        } catch (RuntimeException failed) {
            writer.close();
            throw failed;
        }
    }

    /** What was recorded, without a lease. */
    static RunState read(StateStore store, String run) {
        RunState state = new RunState(run);
        store.replay(run, entry -> state.take(entry.payload()));
        return state;
    }

    RunState state() {
        return state;
    }

    void begun(RestorePlan plan, Approval approval) {
        ObjectNode record = record(RunState.Kind.BEGUN);
        record.set("plan", PlanJson.node(plan));
        record.putObject("approval")
                .put("plan", approval.plan())
                .put("approver", approval.approver())
                .put("givenAt", approval.givenAt().toString())
                .put("expiresAt", approval.expiresAt().toString());
        append(record);
    }

    void stepStarted(String step) {
        append(record(RunState.Kind.STEP_STARTED).put("step", step));
    }

    void stepDone(String step, Map<String, String> results) {
        ObjectNode record = record(RunState.Kind.STEP_DONE).put("step", step);
        Json.put(record, "results", results);
        append(record);
    }

    void compared(Comparison comparison) {
        ObjectNode record = record(RunState.Kind.COMPARED);
        DrillJson.comparison(record.putObject("comparison"), comparison);
        append(record);
    }

    void failed(String why) {
        append(record(RunState.Kind.FAILED).put("why", why));
    }

    void recorded() {
        append(record(RunState.Kind.RECORDED));
    }

    void discarded() {
        append(record(RunState.Kind.DISCARDED));
    }

    private ObjectNode record(RunState.Kind kind) {
        Duration here = Duration.ofNanos(timing.ticker().nanos() - openedTick);
        return Json.object(RunState.format())
                .put("kind", kind.name())
                .put("at", now().toString())
                .put("elapsed", before.plus(here).toString())
                .put("timed", timed);
    }

    private void append(ObjectNode record) {
        byte[] bytes = Json.bytes(record);
        writer.append(bytes);
        state.take(bytes);
    }

    private Instant now() {
        return timing.clock().instant();
    }

    @Override
    public void close() {
        writer.close();
    }
}
