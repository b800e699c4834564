package com.cybernance.continuity.testkit;

import com.cybernance.continuity.spi.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The one place in this package that reads real time: a look at a real source takes some. */
final class RealTime {
    private RealTime() {}

    static Deadline deadline(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        return () -> Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** Waits the whole time, whoever interrupts; the interrupt is kept for afterwards. */
    static void waitDeaf(Duration time) {
        Deadline end = deadline(time);
        CountDownLatch never = new CountDownLatch(1);
        boolean interrupted = false;
        while (!end.remaining().isZero()) {
            try {
                never.await(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
