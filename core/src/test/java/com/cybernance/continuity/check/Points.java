package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Restore points of a database whose servers are in the north and the south, as tests speak of them. */
final class Points {
    static final Place EAST = Given.in("east");
    static final Place WEST = Given.in("west");
    static final Instant T0 = Given.NOW;

    private Points() {}

    /** A window of moments, complete in these places; seconds after noon. */
    static RestorePoint window(long from, long to, Place... places) {
        return window(Copy.State.COMPLETE, from, to, places);
    }

    static RestorePoint window(Copy.State state, long from, long to, Place... places) {
        return new RestorePoint(
                "base-%d".formatted(from),
                Given.DB.member("orders"),
                "1",
                at(from),
                at(to),
                Arrays.stream(places)
                        .map(place -> new Copy(place.toString(), place, state, at(to)))
                        .toList(),
                List.of());
    }

    static Instant at(long seconds) {
        return T0.plusSeconds(seconds);
    }

    /** Servers in two data centres, and no look yet. */
    static Given servers() {
        return new Given().seen(Facet.REPLICATION, Given.servers(Given.primary(Given.in("north")), standby()));
    }

    private static ReplicaState standby() {
        return Given.replica("standby", ReplicaState.Mode.SYNCHRONOUS, ReplicaState.Link.CURRENT, Given.in("south"));
    }

    /** A look every so often from noon on, each of which finds everything up to a lag before it in both vaults. */
    static Given healthy(int looks, Duration every, Duration lag) {
        Given given = servers();
        for (int i = 0; i < looks; i++) {
            Instant at = T0.plus(every.multipliedBy(i));
            given.looked(at, window(-3_600, Duration.between(T0, at.minus(lag)).toSeconds(), EAST, WEST));
        }
        return given;
    }
}
