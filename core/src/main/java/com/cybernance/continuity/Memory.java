package com.cybernance.continuity;

import com.cybernance.continuity.check.Known;
import com.cybernance.continuity.check.PointHistory;
import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.ClientOutcome.Result;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.guard.PendingLook;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one target has shown so far, facet by facet. Thread-safe. */
final class Memory {
    private final TargetId target;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Map<Facet<?>, Remembered<?>> facets = new HashMap<>();
    private final Map<Facet<?>, Set<ResourceId>> members = new HashMap<>();
    private final Map<String, Integer> inventory = new HashMap<>();
    private final PointMemory points;
    private @Nullable Moment clientDownFirst;
    private @Nullable Moment clientDownLast;

    /** A moment on both clocks. */
    private record Moment(Instant wall, long tick) {
        boolean before(Moment other) {
            return tick - other.tick < 0;
        }
    }

    private record Remembered<T>(
            @Nullable Sighting<T> answer,
            @Nullable Moment answeredAt,
            @Nullable Sighting<T> silence,
            @Nullable Moment silentAt) {}

    Memory(TargetId target, InstantSource clock, Ticker ticker) {
        this.target = target;
        this.clock = clock;
        this.ticker = ticker;
        this.points = new PointMemory(target);
    }

    /** Takes what a look brought, unless a look that began later has brought an answer already. */
    synchronized <T> void take(Facet<T> facet, PendingLook<?> look, Sighting<T> sighting) {
        Remembered<T> last = remembered(facet);
        Moment moment = new Moment(look.beganAt(), look.beganTick());
        Moment answeredAt = last == null ? null : last.answeredAt();
        if (answeredAt != null && moment.before(answeredAt)) {
            return;
        }
        if (sighting.silent()) {
            facets.put(facet, new Remembered<>(last == null ? null : last.answer(), answeredAt, sighting, moment));
            return;
        }
        facets.put(facet, new Remembered<>(sighting, moment, null, null));
        if (last != null && last.silentAt() != null && moment.before(last.silentAt())) {
            facets.put(facet, new Remembered<>(sighting, moment, last.silence(), last.silentAt()));
        }
        rememberMembers(facet, sighting);
        if (facet == Facet.RESTORE_POINTS) {
            rememberPoints(sighting, moment);
        }
        if (facet == Facet.CLIENT_PROBE) {
            rememberClient(sighting, moment);
        }
        if (facet == Facet.INVENTORY) {
            rememberInventory(sighting);
        }
    }

    private <T> void rememberMembers(Facet<T> facet, Sighting<T> sighting) {
        Set<ResourceId> known = members.computeIfAbsent(facet, none -> new HashSet<>());
        sighting.found().forEach(fact -> known.add(facet.memberOf(fact)));
    }

    @SuppressWarnings("unchecked") // the facet tells the type of its facts
    private void rememberPoints(Sighting<?> sighting, Moment moment) {
        points.take((Sighting<RestorePoint>) sighting, moment.tick());
    }

    private void rememberClient(Sighting<?> sighting, Moment moment) {
        boolean tried = false;
        boolean down = false;
        for (Object fact : sighting.found()) {
            Result result = ((ClientOutcome) fact).result();
            tried |= result != Result.CONNECTED_ONLY;
            down |= result != Result.WROTE && result != Result.CONNECTED_ONLY;
        }
        if (down) {
            clientDownFirst = clientDownFirst == null ? moment : clientDownFirst;
            clientDownLast = moment;
        } else if (tried) {
            clientDownFirst = null;
            clientDownLast = null;
        }
    }

    private void rememberInventory(Sighting<?> sighting) {
        for (String kind : sighting.complete()) {
            int count = (int) sighting.found().stream()
                    .map(InventoryItem.class::cast)
                    .filter(item -> item.kind().equals(kind))
                    .map(InventoryItem::id)
                    .distinct()
                    .count();
            inventory.merge(kind, count, Math::max);
        }
    }

    /** The looks at restore points so far. */
    synchronized PointHistory points() {
        return points.history(clock.instant(), ticker.nanos());
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
                Optional.ofNullable(last.silence()),
                missed(facet, last.answer()));
    }

    /** Members that earlier looks showed and the last answer does not. */
    private <T> List<ResourceId> missed(Facet<T> facet, @Nullable Sighting<T> answer) {
        Set<ResourceId> missed = new TreeSet<>(Comparator.comparing(ResourceId::toString));
        missed.addAll(members.getOrDefault(facet, Set.of()));
        if (answer != null) {
            answer.found().forEach(fact -> missed.remove(facet.memberOf(fact)));
        }
        return List.copyOf(missed);
    }

    /**
     * How long clients were surely without a write: from the first to the last of the looks in a row that saw them turned
     * away, on the ticker. What happened since the last look nobody knows.
     */
    synchronized Optional<Duration> clientDownFor() {
        Moment first = clientDownFirst;
        Moment last = clientDownLast;
        return first == null || last == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(last.tick() - first.tick()));
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
