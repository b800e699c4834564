package com.cybernance.continuity;

import com.cybernance.continuity.check.Drilled;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the log of drills held when it was last read. Thread-safe. */
final class DrillBook {
    private final @Nullable Supplier<List<DrillRecord>> log;
    private final InstantSource clock;
    private final Ticker ticker;
    private @Nullable Page page;

    /** What one reading brought. */
    private record Page(List<DrillRecord> records, Optional<String> unread, Instant wall, long tick) {}

    DrillBook(@Nullable Supplier<List<DrillRecord>> log, InstantSource clock, Ticker ticker) {
        this.log = log;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Reads the log anew. A log that cannot be read leaves nobody knowing, and is no failure of the look. */
    void read() {
        if (log == null) {
            return;
        }
        Instant wall = clock.instant();
        long tick = ticker.nanos();
        Page read;
        try {
            read = new Page(List.copyOf(log.get()), Optional.empty(), wall, tick);
        } catch (ContinuityException failed) {
            read = new Page(
                    List.of(), Optional.of("the log of drills cannot be read: " + failed.getMessage()), wall, tick);
        }
        synchronized (this) {
            page = read;
        }
    }

    synchronized Drilled drilled() {
        if (log == null) {
            return Drilled.unread("no log of drills is bound, so no drill is known");
        }
        Page last = page;
        if (last == null) {
            return Drilled.unread("the log of drills was not read yet. Hint: call look() or check()");
        }
        Duration byWall = Duration.between(last.wall(), clock.instant());
        Duration byTicks = Duration.ofNanos(ticker.nanos() - last.tick());
        return new Drilled(last.records(), byWall.compareTo(byTicks) > 0 ? byWall : byTicks, last.unread());
    }
}
