package com.cybernance.continuity.postgres.receive;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes those who wait for the spool. More log comes a thousand times a second, so only whoever had nothing to do is woken
 * by it.
 */
final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicInteger idle = new AtomicInteger();

    /** More of the log became durable. */
    void more() {
        moved.incrementAndGet();
        if (idle.get() > 0) {
            wake();
        }
    }

    /** A stretch ended, or whatever else everybody should look at. */
    void ended() {
        ended.incrementAndGet();
        moved.incrementAndGet();
        wake();
    }

    /** What to hand to {@link #awaitMore}; to be read before looking. */
    long seen() {
        return moved.get();
    }

    /** What to hand to {@link #awaitEnd}; to be read before looking. */
    long seenEnds() {
        return ended.get();
    }

    /** Waits until something came after what was seen. */
    void awaitMore(long seen, Duration atMost) throws InterruptedException {
        idle.incrementAndGet();
        try {
            await(moved, seen, atMost);
        } finally {
            idle.decrementAndGet();
        }
    }

    /** Waits until a stretch ended after what was seen. */
    void awaitEnd(long seen, Duration atMost) throws InterruptedException {
        await(ended, seen, atMost);
    }

    private void await(AtomicLong which, long seen, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (which.get() == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
