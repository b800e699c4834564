package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.spi.StateStore;
import java.util.ArrayList;
import java.util.List;

/** Which runs a state store knows, so that one whose process died is found again. */
public final class RunLog {
    private static final String STREAM = "restores";
    private static final int FORMAT = 1;
    private static final int ID_LENGTH = 32;

    private RunLog() {}

    /**
     * The runs that can be resumed: begun, and neither ended with their drill on record nor discarded; in the order in
     * which they were begun. Some other process may be at one of them right now.
     *
     * @throws ContinuityException of kind {@code CORRUPT} or {@code UNSUPPORTED} when the records cannot be read
     */
    public static List<String> unfinished(StateStore store) {
        List<String> runs = new ArrayList<>();
        store.replay(STREAM, entry -> runs.add(run(entry.payload())));
        return runs.stream()
                .map(run -> RunStream.read(store, run))
                .filter(state -> state.begun() && !state.recorded() && !state.discarded())
                .map(RunState::run)
                .toList();
    }

    /**
     * The plan that a run carries out.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when there is no such run
     */
    public static RestorePlan plan(StateStore store, String run) {
        RunState state = RunStream.read(store, run);
        if (!state.begun()) {
            throw unknown(run);
        }
        return state.plan();
    }

    static ContinuityException unknown(String run) {
        return new ContinuityException(
                FailureKind.NOT_FOUND,
                "the state store knows no restore '%s'".formatted(run),
                "RunLog.unfinished lists those that can be resumed");
    }

    /** The id of the one run that an approval allows. */
    static String id(Approval approval) {
        String text = "%s\n%s\n%s\n%s"
                .formatted(approval.plan(), approval.givenAt(), approval.expiresAt(), approval.approver());
        return "restore-" + Sha256.hex(text).substring(0, ID_LENGTH);
    }

    static void add(StateStore store, String run, Timing timing) throws InterruptedException {
        byte[] record = Json.bytes(Json.object(FORMAT).put("run", run));
        SharedStream.addOnce(store, STREAM, record, each -> run(each).equals(run), timing);
    }

    private static String run(byte[] record) {
        return Json.read(record, "the list of restores", FORMAT, root -> Json.text(root, "run"));
    }
}
