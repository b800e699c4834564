package com.cybernance.continuity.restore;

import com.cybernance.continuity.spi.Pause;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes only while somebody waits, or when a test says so. */
final class TestTime implements InstantSource, Ticker, Pause {
    private Instant wall = Instant.parse("2026-11-25T12:00:00Z");
    private long nanos;

    @Override
    public synchronized Instant instant() {
        return wall;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        advance(time);
    }

    synchronized void advance(Duration by) {
        wall = wall.plus(by);
        nanos += by.toNanos();
    }

    synchronized void setWall(Duration by) {
        wall = wall.plus(by);
    }

    Timing timing() {
        return Timing.system().clocks(this, this, this);
    }
}
