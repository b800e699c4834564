package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Puts the judge to the test: breaks, waits until exactly those verdicts have moved that must and stay so, repairs, and
 * waits until all of them are back.
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
        return steady();
    }

    /** What must still be possible while a platform is broken; its words go into the outcome. */
    interface Meanwhile {
        /**
         * Tries it, and tells what was possible.
         *
         * @param broken when it was broken
         */
        String tryIt(Instant broken) throws Exception;
    }

    Outcome of(Sabotage sabotage, Report baseline, Optional<Meanwhile> meanwhile) throws InterruptedException {
        Optional<String> failure = Optional.empty();
        Optional<String> stillPossible = Optional.empty();
        Report broken = baseline;
        Instant start = rhythm.now();
        Duration noticed = Duration.ZERO;
        try {
            sabotage.breakIt();
            broken = moved(sabotage, baseline);
            noticed = rhythm.since(start);
            if (meanwhile.isPresent()) {
                stillPossible = Optional.of(meanwhile.get().tryIt(start));
            }
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception e) {
            failure = Optional.of("it could not be broken as it should be: " + e.getMessage());
        }
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
        return new Outcome(
                sabotage, baseline, broken, noticed, stillPossible, repaired, rhythm.since(repairing), failure);
    }

    /** The last of a row of reports that show exactly what must move; the last of all when the time is up. */
    private Report moved(Sabotage sabotage, Report baseline) throws InterruptedException {
        Instant start = rhythm.now();
        int same = 0;
        Report now = look.get();
        while (true) {
            boolean asListed = Changes.between(baseline, now).moves().equals(sabotage.mustMove());
            same = asListed ? same + 1 : 0;
            if (same >= STEADY || rhythm.since(start).compareTo(sabotage.patience()) >= 0) {
                return now;
            }
            now = next();
        }
    }

    /** The first report of a row that says the same; the last one when the time is up. */
    private Report steady() throws InterruptedException {
        Instant start = rhythm.now();
        Report before = look.get();
        int same = 1;
        while (same < STEADY && rhythm.since(start).compareTo(backWithin) < 0) {
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
     * @param noticed how long after the break the verdicts were as listed and stayed so
     * @param stillPossible what could still be done while it was broken; empty when nothing was tried, or failed
     * @param repaired the last report after the repair
     * @param back how long after the repair that was
     * @param failure what went wrong with the sabotage itself
     */
    record Outcome(
            Sabotage sabotage,
            Report baseline,
            Report broken,
            Duration noticed,
            Optional<String> stillPossible,
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
            return moved().moves().equals(sabotage.mustMove());
        }

        boolean passed() {
            return failure.isEmpty() && movedExactly() && broughtBack();
        }
    }
}
