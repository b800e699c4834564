package com.cybernance.continuity;

import com.cybernance.continuity.check.Known;
import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.ClientOutcome.Result;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.guard.PendingLook;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one target has shown so far, facet by facet. Thread-safe. */
final class Memory {
    private final TargetId target;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Map<Facet<?>, Remembered<?>> facets = new HashMap<>();
    private final Map<String, Integer> inventory = new HashMap<>();
    private @Nullable Moment clientDownSince;

    /** A moment on both clocks. */
    private record Moment(Instant wall, long tick) {}

    private record Remembered<T>(
            @Nullable Sighting<T> answer,
            @Nullable Moment answeredAt,
            @Nullable Sighting<T> silence,
            long newest) {}

    Memory(TargetId target, InstantSource clock, Ticker ticker) {
        this.target = target;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Takes what a look brought. A look that began before the newest one known comes too late and is dropped. */
    synchronized <T> void take(Facet<T> facet, PendingLook<?> look, Sighting<T> sighting) {
        Remembered<T> before = remembered(facet);
        if (before != null && look.beganTick() - before.newest() < 0) {
            return;
        }
        Moment moment = new Moment(look.beganAt(), look.beganTick());
        if (sighting.silent()) {
            facets.put(
                    facet,
                    new Remembered<>(
                            before == null ? null : before.answer(),
                            before == null ? null : before.answeredAt(),
                            sighting,
                            moment.tick()));
            return;
        }
        facets.put(facet, new Remembered<>(sighting, moment, null, moment.tick()));
        if (facet == Facet.CLIENT_PROBE) {
            rememberClient(sighting, moment);
        }
        if (facet == Facet.INVENTORY) {
            rememberInventory(sighting);
        }
    }

    private void rememberClient(Sighting<?> sighting, Moment moment) {
        boolean tried = false;
        boolean down = false;
        for (Object fact : sighting.found()) {
            Result result = ((ClientOutcome) fact).result();
            tried |= result != Result.CONNECTED_ONLY;
            down |= result != Result.WROTE && result != Result.CONNECTED_ONLY;
        }
        if (!down) {
            clientDownSince = tried ? null : clientDownSince;
        } else if (clientDownSince == null) {
            clientDownSince = moment;
        }
    }

    private void rememberInventory(Sighting<?> sighting) {
        for (String kind : sighting.complete()) {
            int count = (int) sighting.found().stream()
                    .filter(fact -> ((InventoryItem) fact).kind().equals(kind))
                    .count();
            inventory.merge(kind, count, Math::max);
        }
    }

    /** What earlier runs of the library had found, of which something may have vanished since. */
    synchronized void recallInventory(Map<String, Integer> earlier) {
        earlier.forEach((kind, count) -> inventory.merge(kind, count, Math::max));
    }

    /** Of every kind, the most members that a complete look found. */
    synchronized Map<String, Integer> inventory() {
        return Map.copyOf(inventory);
    }

    synchronized <T> Known<T> known(Facet<T> facet) {
        Remembered<T> last = remembered(facet);
        if (last == null) {
            return Known.none(facet, target);
        }
        Moment answeredAt = last.answeredAt();
        return new Known<>(
                facet,
                target,
                Optional.ofNullable(last.answer()),
                answeredAt == null ? Duration.ZERO : since(answeredAt),
                Optional.ofNullable(last.silence()));
    }

    synchronized Optional<Duration> clientDownFor() {
        return Optional.ofNullable(clientDownSince).map(this::since);
    }

    /** The longer of what the two clocks show: a wall clock may be set back, a ticker may sleep with its machine. */
    private Duration since(Moment moment) {
        Duration wall = Duration.between(moment.wall(), clock.instant());
        Duration ticks = Duration.ofNanos(ticker.nanos() - moment.tick());
        return wall.compareTo(ticks) > 0 ? wall : ticks;
    }

    @SuppressWarnings("unchecked") // take() pairs each facet with its own facts
    private <T> @Nullable Remembered<T> remembered(Facet<T> facet) {
        return (Remembered<T>) facets.get(facet);
    }
}
