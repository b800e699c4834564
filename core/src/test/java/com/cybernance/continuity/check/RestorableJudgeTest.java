package com.cybernance.continuity.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Outcome;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Restorable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestorableJudgeTest {
    private static final Clause MONTHLY = Clause.of("db", new Restorable(Duration.ofDays(30)));

    private static DrillRecord drill(TargetId target, int daysAgo, int rtaSeconds, Outcome ledger) {
        Instant ended = Given.NOW.minus(Duration.ofDays(daysAgo));
        Instant asked = ended.minus(Duration.ofMinutes(10));
        return new DrillRecord(
                "run-%d".formatted(daysAgo),
                target.member("orders"),
                "base-1",
                "west",
                "2026-11-22T10:00:00Z",
                Optional.of(asked),
                ended.minusSeconds(60),
                ended,
                Optional.of(Duration.ofSeconds(rtaSeconds)),
                new Comparison(
                        Optional.of(asked.minusMillis(40)),
                        "0/3000028",
                        List.of(
                                new Comparison.Check("stop position", Outcome.PASSED, "0/3000028"),
                                new Comparison.Check("ledger", ledger, "1000 rows, expected 1001"))),
                Optional.empty());
    }

    private static DrillRecord drill(int daysAgo, Outcome ledger) {
        return drill(Given.DB, daysAgo, 20 + daysAgo, ledger);
    }

    private static DrillRecord broken(int daysAgo) {
        DrillRecord plain = drill(daysAgo, Outcome.PASSED);
        return new DrillRecord(
                plain.run(),
                plain.resource(),
                plain.point(),
                plain.copy(),
                plain.asked(),
                plain.askedMoment(),
                plain.started(),
                plain.ended(),
                Optional.empty(),
                new Comparison(Optional.empty(), "", List.of()),
                Optional.of("the archive of the base backup is cut off"));
    }

    private static DrillRecord from(String copy, DrillRecord plain) {
        return new DrillRecord(
                plain.run(),
                plain.resource(),
                plain.point(),
                copy,
                plain.asked(),
                plain.askedMoment(),
                plain.started(),
                plain.ended(),
                plain.rta(),
                plain.comparison(),
                plain.failure());
    }

    private static Finding judged(DrillRecord... records) {
        return new Given().drills(records).judge(MONTHLY);
    }

    @Test
    void passedDrillWithinTheAge_isMet_withWhatItMeasured() {
        Finding finding = judged(drill(30, Outcome.PASSED), drill(3, Outcome.PASSED));

        assertThat(finding.verdict()).isEqualTo(Verdict.MET);
        assertThat(finding.reason())
                .contains("drill run-3 restored orders to 2026-11-22T10:00:00Z from copy west and found everything")
                .contains("recovery point actual (RPA): 2 passed drills, median 40 ms, 95 % within 40 ms, worst 40 ms")
                .contains("recovery time actual (RTA): 2 passed drills, median 23 s, 95 % within 50 s, worst 50 s");
        assertThat(finding.observed()).isEqualTo("2 drills of orders");
    }

    @Test
    void failedLastDrill_isBreached_withItsReason_whateverPassedBefore() {
        assertThat(judged(drill(3, Outcome.PASSED), drill(1, Outcome.FAILED)).reason())
                .isEqualTo(
                        "the last drill of orders from copy west (run-1, ended 2026-11-22T12:00:00Z) failed: ledger: 1000 rows, expected 1001");
        Finding finding = judged(drill(3, Outcome.PASSED), broken(1));
        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("the archive of the base backup is cut off");
    }

    @Test
    void passedDrillAfterAFailedOne_isMet() {
        assertThat(judged(broken(3), drill(1, Outcome.PASSED)).verdict()).isEqualTo(Verdict.MET);
    }

    @Test
    void copyThatFailed_isNotHiddenByANewerSuccessOfAnotherCopy_andBothAreNamed() {
        Finding finding =
                judged(from("east", drill(3, Outcome.PASSED)), from("east", broken(2)), drill(1, Outcome.PASSED));

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason())
                .contains("the last drill of orders from copy east (run-2, ended 2026-11-21T12:00:00Z) failed")
                .contains("the last drill from copy west (run-1, ended 2026-11-22T12:00:00Z) passed");
        assertThat(finding.nextStep()).contains("from copy east");
        assertThat(judged(from("east", broken(3)), drill(2, Outcome.PASSED), from("east", drill(1, Outcome.PASSED)))
                        .verdict())
                .isEqualTo(Verdict.MET);
    }

    @Test
    void copyThatFailedLongerAgoThanTheAge_tellsNothingWhileAnotherIsWell_andIsNamed() {
        Finding finding = judged(from("east", broken(31)), drill(1, Outcome.PASSED));

        assertThat(finding.verdict()).isEqualTo(Verdict.MET);
        assertThat(finding.reason()).contains("the last drill from copy east (run-31, ", "too long ago to tell");
        assertThat(judged(drill(40, Outcome.PASSED), from("east", broken(31))).verdict())
                .isEqualTo(Verdict.BREACHED);
    }

    @Test
    void drillThatCouldNotCompare_neverCountsAsPassed() {
        Finding alone = judged(drill(1, Outcome.COULD_NOT_RUN));
        assertThat(alone.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(alone.reason()).contains("ledger could not run");

        Finding afterOne = judged(drill(3, Outcome.PASSED), drill(1, Outcome.COULD_NOT_RUN));
        assertThat(afterOne.verdict()).isEqualTo(Verdict.MET);
        assertThat(afterOne.reason()).contains("1 passed drill", "a newer drill came to no result");
        assertThat(judged(drill(31, Outcome.PASSED), drill(1, Outcome.COULD_NOT_RUN))
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void noDrill_orNoneThatIsYoungEnough_isUnknown_andSaysWhatWouldJudgeIt() {
        Finding none = judged();
        assertThat(none.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(none.reason()).isEqualTo("no drill was ever run");
        assertThat(none.nextStep()).contains("a drill", "Verifier");

        Finding old = judged(drill(31, Outcome.PASSED));
        assertThat(old.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(old.reason()).contains("is 31 d old, at most 30 days is allowed");
    }

    @Test
    void drillOfAnotherSubject_doesNotCount() {
        assertThat(judged(drill(TargetId.of("other"), 1, 5, Outcome.PASSED)).verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void logThatWasNotRead_isUnknown() {
        Finding finding = new Given().drilled(Drilled.unread("the log is gone")).judge(MONTHLY);
        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).isEqualTo("the log is gone");

        Finding old = new Given()
                .drilled(new Drilled(List.of(drill(1, Outcome.PASSED)), Duration.ofMinutes(6), Optional.empty()))
                .judge(MONTHLY);
        assertThat(old.reason()).isEqualTo("the log of drills was read 6 min ago, at most 5 min is allowed");
    }

    @Test
    void drillThatEndedAheadOfTheClock_isUnknown() {
        assertThat(judged(drill(-1, Outcome.PASSED)).reason()).contains("ahead of the clock here");
    }
}
