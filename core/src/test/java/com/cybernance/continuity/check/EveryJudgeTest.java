package com.cybernance.continuity.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Every;
import com.cybernance.continuity.policy.Every.Interval;
import com.cybernance.continuity.spi.Facet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EveryJudgeTest {
    private static final Clause DAILY = Clause.of("db", new Every(Interval.DAY, Set.of()));
    private static final Clause DAILY_ELSEWHERE = Clause.of("db", new Every(Interval.DAY, Set.of(Factor.REGION)));

    private static RestorePoint point(String moment, Copy.State state, Place place) {
        Instant at = Instant.parse(moment);
        return RestorePoint.at(at, moment, Given.DB.member("orders"), new Copy("copy", place, state, at));
    }

    private static RestorePoint complete(String moment) {
        return point(moment, Copy.State.COMPLETE, Place.UNKNOWN);
    }

    private static Sighting<RestorePoint> points(RestorePoint... points) {
        return new Sighting<>(Given.NOW, Arrays.asList(points), List.of(), Set.of("all"), List.of());
    }

    private static Finding judged(RestorePoint... points) {
        return new Given().seen(Facet.RESTORE_POINTS, points(points)).judge(DAILY);
    }

    @Test
    void everyFinishedDayHasACompleteCopy_isMet_whileTodayMayStillBeEmpty() {
        Finding finding = judged(complete("2026-11-21T02:00:00Z"), complete("2026-11-22T23:59:59Z"));

        assertThat(finding.verdict()).isEqualTo(Verdict.MET);
        assertThat(finding.reason()).isEqualTo("orders has a complete copy for each of 2 days");
    }

    @Test
    void missedDay_isBreached_andNamed() {
        Finding finding = judged(complete("2026-11-20T02:00:00Z"), complete("2026-11-22T02:00:00Z"));

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).isEqualTo("orders has no copy for the day of 2026-11-21");
    }

    @Test
    void copyThatNobodyHashed_isUnknown() {
        Finding finding = judged(point("2026-11-22T02:00:00Z", Copy.State.TAKEN, Place.UNKNOWN));

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("nobody found complete");
    }

    @Test
    void noPointAtAll_isBreached_andOnlyTodaysPointIsUnknown() {
        assertThat(judged().verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(judged(complete("2026-11-23T02:00:00Z")).verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void windowCoversEveryDayThatItTouches() {
        RestorePoint window = new RestorePoint(
                "log",
                Given.DB.member("orders"),
                "orders",
                Instant.parse("2026-11-19T10:00:00Z"),
                Instant.parse("2026-11-22T10:00:00Z"),
                List.of(new Copy("c", Place.UNKNOWN, Copy.State.VERIFIED, Given.NOW)),
                List.of());

        assertThat(judged(window).verdict()).isEqualTo(Verdict.MET);
    }

    @Test
    void worstResourceDecides_andIsNamed() {
        RestorePoint other = RestorePoint.at(
                Instant.parse("2026-11-20T02:00:00Z"),
                "old",
                Given.DB.member("billing"),
                new Copy("c", Place.UNKNOWN, Copy.State.COMPLETE, Given.NOW));

        Finding finding = judged(complete("2026-11-22T02:00:00Z"), other);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason())
                .contains("billing has no copy for the day of 2026-11-21, 2026-11-22")
                .contains("of 2 resources: 1 MET, 1 BREACHED");
    }

    @Test
    void elsewhere_isUnknownWithoutTheSourcesPlace_andCountsOnlyCopiesSurelyApart() {
        Place frankfurt = Place.declared(Factor.REGION, "frankfurt", "the test");
        Place dublin = Place.declared(Factor.REGION, "dublin", "the test");
        RestorePoint here = point("2026-11-22T02:00:00Z", Copy.State.COMPLETE, frankfurt);
        RestorePoint there = point("2026-11-22T02:00:00Z", Copy.State.COMPLETE, dublin);

        assertThat(new Given()
                        .seen(Facet.RESTORE_POINTS, points(there))
                        .judge(DAILY_ELSEWHERE)
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
        Given inFrankfurt = new Given().seen(Facet.REPLICATION, Given.servers(Given.primary(frankfurt)));
        assertThat(inFrankfurt
                        .seen(Facet.RESTORE_POINTS, points(there))
                        .judge(DAILY_ELSEWHERE)
                        .verdict())
                .isEqualTo(Verdict.MET);
        assertThat(new Given()
                        .seen(Facet.REPLICATION, Given.servers(Given.primary(frankfurt)))
                        .seen(Facet.RESTORE_POINTS, points(here))
                        .judge(DAILY_ELSEWHERE)
                        .reason())
                .contains("orders has no copy in another region for the day of 2026-11-22");
    }

    @Test
    void weeksBeginOnMonday() {
        Clause weekly = Clause.of("db", new Every(Interval.WEEK, Set.of()));

        // 2026-11-23 is a Monday: the Sunday before belongs to the last finished week.
        assertThat(new Given()
                        .seen(Facet.RESTORE_POINTS, points(complete("2026-11-22T23:00:00Z")))
                        .judge(weekly)
                        .verdict())
                .isEqualTo(Verdict.MET);
        assertThat(new Given()
                        .seen(Facet.RESTORE_POINTS, points(complete("2026-11-23T00:00:00Z")))
                        .judge(weekly)
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void lookThatDidNotSeeEveryPoint_isUnknown() {
        Finding finding = new Given()
                .seen(Facet.RESTORE_POINTS, Given.blind("all", FailureKind.NOT_FOUND, "the folder is gone"))
                .judge(DAILY);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("the folder is gone");
    }

    @Test
    void targetWithoutAnyPoint_isBreached_thoughAnotherTargetHasAll() {
        Finding finding = new Given()
                .seen(Facet.RESTORE_POINTS, points(complete("2026-11-22T02:00:00Z")))
                .seenBy(TargetId.of("billing"), Facet.RESTORE_POINTS, points())
                .judge(DAILY);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).isEqualTo("billing has no restore point at all");
    }

    @Test
    void resourceThatLostAllItsPoints_isUnknown() {
        Finding finding = new Given()
                .missing(Facet.RESTORE_POINTS, points(complete("2026-11-22T02:00:00Z")), "billing")
                .judge(DAILY);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("db/billing had restore points at an earlier look");
    }

    @Test
    void windowSinceEver_thatStillGrows_isMet() {
        RestorePoint window = new RestorePoint(
                "log",
                Given.DB.member("orders"),
                "orders",
                Instant.MIN,
                Given.NOW,
                List.of(new Copy("c", Place.UNKNOWN, Copy.State.COMPLETE, Given.NOW)),
                List.of());

        Finding finding = judged(window);

        assertThat(finding.verdict()).isEqualTo(Verdict.MET);
        assertThat(finding.reason()).contains("each of 1000 days");
    }
}
