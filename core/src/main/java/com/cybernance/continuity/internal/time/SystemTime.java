package com.cybernance.continuity.internal.time;

import com.cybernance.continuity.spi.Pause;
import com.cybernance.continuity.spi.Ticker;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The machine's own clocks. */
public final class SystemTime {
    private SystemTime() {}

    public static InstantSource wall() {
        return InstantSource.system();
    }

    public static Ticker ticker() {
        return System::nanoTime;
    }

    public static Pause pause() {
        return time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
