package com.cybernance.continuity.internal.time;

import com.cybernance.continuity.spi.Ticker;
import java.time.InstantSource;

/** The machine's own clocks. */
public final class SystemTime {
    private SystemTime() {}

    public static InstantSource wall() {
        return InstantSource.system();
    }

    public static Ticker ticker() {
        return System::nanoTime;
    }
}
