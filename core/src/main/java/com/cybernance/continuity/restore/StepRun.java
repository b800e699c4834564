package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.guard.Failures;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Progress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Long work that is begun and polled until it has ended. What keeps a provider from answering is waited out; work that
 * was lost is begun again, a bounded number of times.
 */
final class StepRun {
    private static final int MOST_BEGINS = 5;

    private final String what;
    private final Runnable begin;
    private final Supplier<Progress> poll;
    private final Duration within;
    private final Deadline deadline;
    private final Timing.Waits waits;
    private String said = "nothing";
    private int begins;

    /**
     * @param what the work in words, for a failure
     * @param within what the deadline allows, for a failure
     */
    StepRun(String what, Runnable begin, Supplier<Progress> poll, Duration within, Deadline deadline, Timing timing) {
        this.what = what;
        this.begin = begin;
        this.poll = poll;
        this.within = within;
        this.deadline = deadline;
        this.waits = timing.waits(deadline);
    }

    /**
     * Done, or failed with the reason; never anything else.
     *
     * @throws InterruptedException when the waiting was interrupted; the work goes on
     * @throws ContinuityException of kind {@code INTERRUPTED} when the provider was
     */
    Progress finish() throws InterruptedException {
        boolean toBegin = true;
        while (true) {
            try {
                if (toBegin) {
                    if (begins == MOST_BEGINS) {
                        return failed(FailureKind.UNEXPECTED, "was lost %d times".formatted(begins));
                    }
                    begin.run();
                    begins++;
                    toBegin = false;
                }
                Progress progress = poll.get();
                said = progress.detail();
                switch (progress.state()) {
                    case DONE -> {
                        return progress;
                    }
                    case FAILED -> {
                        return failed(progress.failure().orElse(FailureKind.UNEXPECTED), "failed: " + said);
                    }
                    case ABSENT -> toBegin = true;
                    case RUNNING -> {}
                }
            } catch (ContinuityException thrown) {
                if (thrown.kind() == FailureKind.INTERRUPTED) {
                    throw thrown;
                }
                said = Failures.words(thrown);
                if (!thrown.kind().silence()) {
                    return failed(thrown.kind(), "failed: " + said);
                }
            } catch (RuntimeException thrown) {
                return failed(FailureKind.UNEXPECTED, "failed: " + Failures.words(thrown));
            }
            if (deadline.remaining().isZero()) {
                return failed(
                        FailureKind.TIMED_OUT,
                        "was not done within %s; last heard: %s".formatted(InWords.about(within), said));
            }
            waits.await();
        }
    }

    private Progress failed(FailureKind kind, String how) {
        return Progress.failed(kind, "%s %s".formatted(what, how));
    }
}
