package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Progress;
import java.util.function.Supplier;

/** Work of a provider that takes long and keeps its own record of it, so that asking again is going on. */
public final class LongWork {
    private LongWork() {}

    /**
     * Begins the work and polls until it has ended, within the limit for one step. What keeps the provider from answering
     * is waited out; work that was lost is begun again, a few times.
     *
     * @param what the work in words, for a failure
     * @return done or failed, never anything else
     * @throws ContinuityException of kind {@code INTERRUPTED} when the calling thread is interrupted; the work may go on
     */
    public static Progress finish(String what, Runnable begin, Supplier<Progress> poll, Timing timing) {
        try {
            return new StepRun(what, begin, poll, timing.stepWithin(), timing.deadline(timing.stepWithin()), timing)
                    .finish();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContinuityException(
                    FailureKind.INTERRUPTED, what + " was interrupted", "ask for it again", interrupted);
        }
    }
}
