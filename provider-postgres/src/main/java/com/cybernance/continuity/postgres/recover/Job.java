package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Progress;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One step that runs on a thread of its own. May be asked from any thread. */
final class Job {
    private final String what;
    private final Thread thread;
    private volatile Progress progress;

    /** What a step does. */
    @FunctionalInterface
    interface Work {
        /** Does it, telling the job how far it is, and returns what it brought. */
        Map<String, String> run(Job job) throws IOException;
    }

    private Job(String what, Work work) {
        this.what = what;
        this.progress = Progress.running("begun");
        this.thread = new Thread(() -> carryOut(work), "continuity-" + what);
        thread.setDaemon(true);
    }

    static Job start(String what, Work work) {
        Job job = new Job(what, work);
        job.thread.start();
        return job;
    }

    void say(String detail) {
        progress = Progress.running(detail);
    }

    Progress progress() {
        return progress;
    }

    boolean isRunning() {
        return progress.state() == Progress.State.RUNNING;
    }

    /** Ends it and waits until it has ended. */
    void end(int seconds) {
        thread.interrupt();
        try {
            TimeUnit.SECONDS.timedJoin(thread, seconds);
        } catch (InterruptedException e) {
            throw Words.interrupted("ending " + what, e);
        }
        if (thread.isAlive()) {
            throw new ContinuityException(
                    FailureKind.TIMED_OUT,
                    "%s did not end within %d s".formatted(what, seconds),
                    "see whether the vault or the disk hangs, then discard the run again");
        }
    }

    private void carryOut(Work work) {
        try {
            progress = Progress.done(what + " done", work.run(this));
        } catch (ContinuityException e) {
            progress = Progress.failed(e.kind(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            ContinuityException said = Words.of(what, e);
            progress = Progress.failed(said.kind(), String.valueOf(said.getMessage()));
        } catch (RuntimeException | Error e) { // whatever it was, whoever polls must learn that the step ended
            progress = Progress.failed(FailureKind.UNEXPECTED, "%s failed: %s. Hint: report this".formatted(what, e));
        }
    }
}
