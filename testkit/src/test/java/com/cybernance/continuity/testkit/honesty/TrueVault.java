package com.cybernance.continuity.testkit.honesty;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.testkit.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One vault as it really is: the moments that can be restored from it, while a database commits all the time. Moments are
 * nanoseconds of true time.
 */
final class TrueVault {
    private final Place place;
    private final boolean elsewhere;
    private final boolean complete;
    private final long lag;
    private final List<long[]> windows = new ArrayList<>();
    private boolean shipping = true;
    private long mostReached = Long.MIN_VALUE;

    TrueVault(String centre, boolean elsewhere, Seeds seeds) {
        this.place = Place.declared(Factor.DATA_CENTRE, centre, "the world");
        this.elsewhere = elsewhere;
        this.complete = seeds.chance(95);
        this.lag = seeds.between(0, 10) * 1_000_000_000L;
    }

    /** Lets the log arrive up to this moment, if it does. */
    void flow(long now) {
        if (shipping && !windows.isEmpty()) {
            long[] last = windows.get(windows.size() - 1);
            last[1] = Math.max(last[1], now - lag);
        }
    }

    /** Whatever may happen to a vault and its log. */
    void happen(long now, Seeds seeds) {
        if (windows.isEmpty()) {
            if (seeds.chance(70)) {
                windows.add(new long[] {now, now});
            }
            return;
        }
        long[] last = windows.get(windows.size() - 1);
        switch (seeds.between(0, 40)) {
            case 0, 1 -> shipping = false;
            case 2 -> windows.add(new long[] {now, now}); // the log in between was lost; a new base backup
            case 3 -> last[1] = seeds.between(last[0], last[1]); // a piece of it went
            case 4 -> windows.clear();
            default -> shipping = shipping || seeds.chance(40);
        }
    }

    /** Keeps what a look that showed this vault has shown. */
    void shown() {
        mostReached = Math.max(mostReached, reached());
    }

    boolean counts() {
        return elsewhere && complete;
    }

    boolean everShown() {
        return mostReached > Long.MIN_VALUE;
    }

    boolean empty() {
        return windows.isEmpty();
    }

    long reached() {
        return windows.isEmpty() ? Long.MIN_VALUE : windows.get(windows.size() - 1)[1];
    }

    /** Whether all of its moments hang together within the pause, and none that was shown is gone. */
    boolean whole(long pause) {
        for (int i = 1; i < windows.size(); i++) {
            if (windows.get(i)[0] - windows.get(i - 1)[1] > pause) {
                return false;
            }
        }
        return reached() >= mostReached;
    }

    List<RestorePoint> points(ResourceId resource, Instant epoch) {
        return windows.stream()
                .map(each -> new RestorePoint(
                        "base-" + each[0],
                        resource,
                        "1",
                        epoch.plusNanos(each[0]),
                        epoch.plusNanos(Math.max(each[0], each[1])),
                        List.of(new Copy(
                                place.toString(), place, complete ? Copy.State.COMPLETE : Copy.State.TAKEN, epoch)),
                        List.of()))
                .toList();
    }
}
