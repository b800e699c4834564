package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts the judge to the test: breaks, waits until the verdicts have changed and stay as they are, repairs, and waits
 * until all of them are back.
 */
final class Trial {
    /** So many reports in a row that say the same are the answer, not a moment on the way. */
    private static final int STEADY = 3;

    private final Supplier<Report> look;
    private final Rhythm rhythm;
    private final Duration every;
    private final Duration backWithin;

    /**
     * @param every how long to wait between looks
     * @param backWithin how long the verdicts may take to come back after a repair
     */
    Trial(Supplier<Report> look, Rhythm rhythm, Duration every, Duration backWithin) {
        this.look = look;
        this.rhythm = rhythm;
        this.every = every;
        this.backWithin = backWithin;
    }

    /** The report of an unbroken platform, once it stays the same. */
    Report baseline() throws InterruptedException {
        return steady(look.get(), backWithin, Wait.FOR_REST);
    }

    Outcome of(Sabotage sabotage, Report baseline) throws InterruptedException {
        Optional<String> failure = Optional.empty();
        Report broken = baseline;
        Instant start = rhythm.now();
        try {
            sabotage.breakIt();
            broken = steady(baseline, sabotage.patience(), Wait.FOR_CHANGE);
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception e) {
            failure = Optional.of("it could not be broken: " + e.getMessage());
        }
        Duration noticed = rhythm.since(start);
        Instant repairing = rhythm.now();
        Report repaired = broken;
        try {
            sabotage.repair();
            repaired = back(baseline);
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception e) {
            failure = Optional.of(
                    failure.map(earlier -> earlier + "; ").orElse("") + "it could not be repaired: " + e.getMessage());
        }
        return new Outcome(sabotage, baseline, broken, noticed, repaired, rhythm.since(repairing), failure);
    }

    private enum Wait {
        FOR_CHANGE,
        FOR_REST
    }

    /** The first report of a row that says the same; the last one when the time is up. */
    private Report steady(Report baseline, Duration most, Wait wait) throws InterruptedException {
        Instant start = rhythm.now();
        Report before = look.get();
        int same = 1;
        while (rhythm.since(start).compareTo(most) < 0) {
            boolean changed = !same(before, baseline);
            if (same >= STEADY && (changed || wait == Wait.FOR_REST)) {
                return before;
            }
            Report next = next();
            same = same(before, next) ? same + 1 : 1;
            before = next;
        }
        return before;
    }

    private Report back(Report baseline) throws InterruptedException {
        Instant start = rhythm.now();
        Report last = look.get();
        while (!same(last, baseline) && rhythm.since(start).compareTo(backWithin) < 0) {
            last = next();
        }
        return last;
    }

    private Report next() throws InterruptedException {
        Instant before = rhythm.now();
        rhythm.await(before, every);
        return look.get();
    }

    private static boolean same(Report one, Report other) {
        return Changes.between(one, other).clauses().isEmpty();
    }

    /**
     * What a sabotage did.
     *
     * @param broken the report while it was broken
     * @param noticed how long after the break the verdicts had come to rest
     * @param repaired the last report after the repair
     * @param back how long after the repair that was
     * @param failure what went wrong with the sabotage itself
     */
    record Outcome(
            Sabotage sabotage,
            Report baseline,
            Report broken,
            Duration noticed,
            Report repaired,
            Duration back,
            Optional<String> failure) {
        Changes moved() {
            return Changes.between(baseline, broken);
        }

        boolean broughtBack() {
            return same(baseline, repaired);
        }

        boolean movedExactly() {
            return moved().sentences().equals(Set.copyOf(sabotage.mustMove()));
        }

        boolean passed() {
            return failure.isEmpty() && movedExactly() && broughtBack();
        }
    }
}
