package com.cybernance.continuity.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.Rpo;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RpoJudgeTest {
    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration LAG = Duration.ofSeconds(10);

    /** Ten minutes of looks are forty intervals. */
    private static final Clause EVERY_SAMPLE = rpo(1);

    private static final Clause MOSTLY = rpo(0.95);

    private static Clause rpo(double share) {
        return Clause.of(
                        "db", new Rpo(Duration.ofMinutes(5), share, Duration.ofMinutes(10), Set.of(Factor.DATA_CENTRE)))
                .evidenceAge(Duration.ofSeconds(45));
    }

    private static Finding judged(Given given, Clause clause, long now) {
        return given.now(Points.at(now)).judge(clause);
    }

    @Test
    void everySampleOfTheWholePeriodWithinTheLimit_isMet_withItsDistributionAndTheTimeLeft() {
        Finding finding = judged(Points.healthy(41, EVERY, LAG), EVERY_SAMPLE, 600);

        assertThat(finding.verdict()).as(finding.reason()).isEqualTo(Verdict.MET);
        assertThat(finding.reason())
                .contains("41 of 41 samples within 5 minutes")
                .contains("median 10 s, 95 % within 10 s, worst 10 s")
                .contains("observed 10 minutes of 10 minutes")
                .contains("in another data centre than its servers reaches 2026-11-23T12:09:50Z, 10 s ago")
                .contains("with nothing newer it is breached in 4 min 50 s");
        assertThat(finding.observed()).isEqualTo("41 samples of orders");
    }

    @Test
    void shorterThanThePeriod_isUnknown_andSaysHowLongWasObserved() {
        Finding finding = judged(Points.healthy(13, EVERY, LAG), EVERY_SAMPLE, 180);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("observed 3 min of 10 minutes");
    }

    @Test
    void scaledPeriod_isObservedSooner_andTheReasonSaysSo() {
        Given given = Points.healthy(13, EVERY, LAG).rehearsal().now(Points.at(180));

        Report report = given.report(Policy.of(EVERY_SAMPLE).scaled(4));

        assertThat(report.findings().get(0).verdict()).isEqualTo(Verdict.MET);
        assertThat(report.findings().get(0).reason())
                .contains(
                        "observed 2 minutes 30 seconds of 2 minutes 30 seconds (10 minutes, divided by 4 as the policy says)");
        assertThat(report.periodScale()).contains(4);
        assertThat(ReportJson.of(report)).contains("\"periodScale\" : 4");
    }

    @Test
    void scaledPeriod_inProduction_isRefused() {
        Given given = Points.healthy(13, EVERY, LAG);

        assertThatThrownBy(() -> given.report(Policy.of(EVERY_SAMPLE).scaled(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hold in a rehearsal alone, not in production (test)");
    }

    @Test
    void oneLookAlone_isUnknown_forNothingNewerWasFoundYet() {
        Finding finding = judged(Points.healthy(1, EVERY, LAG), EVERY_SAMPLE, 0);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("no look yet found anything newer", "breached in 4 min 50 s");
    }

    @Test
    void nothingNewer_isUnknownAfterTheEvidenceAge_andBreachedBeyondTheLimit() {
        assertThat(stuck(40).verdict()).isEqualTo(Verdict.MET);
        Finding unknown = stuck(50);
        assertThat(unknown.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(unknown.reason())
                .contains("nothing newer was found in a copy for 50 s, at most 45 s is allowed; breached in 4 min");
        assertThat(stuck(290).verdict()).isEqualTo(Verdict.UNKNOWN);
        Finding breached = stuck(291);
        assertThat(breached.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(breached.reason()).isEqualTo("a disaster now would cost 5 min 1 s, promised at most 5 minutes");
    }

    /** Looks go on, but the newest moment stays where it was for so many seconds. */
    private static Finding stuck(int seconds) {
        Given given = Points.healthy(41, EVERY, LAG);
        for (int at = 605; at <= 600 + seconds; at += 5) {
            given.looked(Points.at(at), Points.window(-3_600, 590, Points.EAST, Points.WEST));
        }
        return judged(given, EVERY_SAMPLE, 600 + seconds);
    }

    @Test
    void oneSampleBeyondTheLimit_breaksEverySample_andNotTheAdoptedShare() {
        Finding every = judged(withOneGap(), EVERY_SAMPLE, 900);
        Finding mostly = judged(withOneGap(), MOSTLY, 900);

        assertThat(every.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(every.reason())
                .contains("1 of 41 samples beyond 5 minutes, the worst at 2026-11-23T12:10:00Z with 5 min 10 s");
        assertThat(mostly.verdict()).as(mostly.reason()).isEqualTo(Verdict.MET);
        assertThat(mostly.reason()).contains("40 of 41 samples within 5 minutes", "worst 5 min 10 s");
    }

    private static Given withOneGap() {
        Given given = Points.servers();
        for (int at = 300; at <= 900; at += 15) {
            given.looked(Points.at(at), Points.window(-3_600, at - (at == 600 ? 310 : 10), Points.EAST));
        }
        return given;
    }

    @Test
    void breach_isForgottenAfterThePeriod() {
        Given given = withOneGap();
        for (int at = 915; at <= 1_230; at += 15) {
            given.looked(Points.at(at), Points.window(-3_600, at - 10, Points.EAST));
        }

        assertThat(judged(given, EVERY_SAMPLE, 1_214).verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(judged(given, EVERY_SAMPLE, 1_230).verdict()).isEqualTo(Verdict.MET);
    }

    @Test
    void tooManySamplesBeyondTheLimit_breachTheShare_onlyWhenTheWholePeriodWasObserved() {
        assertThat(judged(beyondInThree(900), MOSTLY, 900).verdict()).isEqualTo(Verdict.BREACHED);
        Finding early = judged(beyondInThree(700), MOSTLY, 700);
        assertThat(early.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(early.reason()).contains("observed 6 min 40 s of 10 minutes");
    }

    private static Given beyondInThree(int until) {
        Given given = Points.servers();
        for (int at = 300; at <= until; at += 10) {
            boolean beyond = at >= 400 && at <= 440;
            given.looked(Points.at(at), Points.window(-3_600, at - (beyond ? 320 : 10), Points.EAST));
        }
        return given;
    }

    @Test
    void timeWithoutLooks_isNotObserved_unlessTheExposureCannotHavePassedTheLimitMeanwhile() {
        Given short4 = Points.healthy(20, EVERY, LAG);
        Given long6 = Points.healthy(20, EVERY, LAG);
        for (int at = 285 + 240; at <= 840; at += 15) {
            short4.looked(Points.at(at), Points.window(-3_600, at - 10, Points.EAST));
        }
        for (int at = 285 + 360; at <= 840; at += 15) {
            long6.looked(Points.at(at), Points.window(-3_600, at - 10, Points.EAST));
        }

        assertThat(judged(short4, EVERY_SAMPLE, 840).verdict()).isEqualTo(Verdict.MET);
        Finding gap = judged(long6, EVERY_SAMPLE, 840);
        assertThat(gap.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(gap.reason()).contains("observed 4 min of 10 minutes");
    }

    @Test
    void onlyCopiesThatSurviveTheServers_count() {
        Given given = Points.servers();
        for (int at = 0; at <= 600; at += 15) {
            given.looked(
                    Points.at(at),
                    Points.window(-3_600, at - 1, Given.in("south")),
                    Points.window(-3_600, at - 20, Points.EAST));
        }

        Finding finding = judged(given, EVERY_SAMPLE, 600);

        assertThat(finding.verdict()).isEqualTo(Verdict.MET);
        assertThat(finding.reason()).contains("worst 20 s");
    }

    @Test
    void copiesThatNobodyFoundComplete_orInNoOtherPlace_doNotCount() {
        Finding taken = judged(
                Points.servers().looked(Points.T0, Points.window(Copy.State.TAKEN, -60, -1, Points.EAST)),
                EVERY_SAMPLE,
                0);
        Finding here =
                judged(Points.servers().looked(Points.T0, Points.window(-60, -1, Given.in("north"))), EVERY_SAMPLE, 0);

        assertThat(taken.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(taken.reason())
                .contains("copies in another data centre than its servers that nobody found complete");
        assertThat(here.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(here.reason()).isEqualTo("orders has no copy in another data centre than its servers");
    }

    @Test
    void noRestorePointAtAll_isBreached_andUnknownWhereNotAllWasSeen() {
        assertThat(judged(Points.servers().looked(Points.T0), EVERY_SAMPLE, 0).reason())
                .isEqualTo("db has no restore point at all");
        Finding blind = judged(
                Points.servers().looked(Points.T0, Given.blind("vault east", FailureKind.DENIED, "you may not")),
                EVERY_SAMPLE,
                0);
        assertThat(blind.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(blind.reason()).contains("you may not");
    }

    @Test
    void copiesThatVanish_areBreached() {
        Finding finding = judged(Points.healthy(41, EVERY, LAG).looked(Points.at(605)), EVERY_SAMPLE, 605);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("are gone");
    }

    @Test
    void lookThatSeesOneOfTwoVaults_isEnough_whileWhatItSeesIsNew() {
        Given given = Points.healthy(41, EVERY, LAG);
        RestorePoint west = Points.window(-3_600, 605, Points.WEST);

        Sighting<RestorePoint> partial = partial(Points.at(615), west);

        assertThat(judged(given.looked(Points.at(615), partial), EVERY_SAMPLE, 615)
                        .verdict())
                .isEqualTo(Verdict.MET);
    }

    @Test
    void lookThatSeesOneOfTwoVaults_isUnknown_whereWhatItSeesIsOld() {
        Given given = Points.healthy(41, EVERY, LAG);
        RestorePoint west = Points.window(-3_600, 100, Points.WEST);

        Finding finding = judged(given.looked(Points.at(615), partial(Points.at(615), west)), EVERY_SAMPLE, 615);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("vault east");
    }

    private static Sighting<RestorePoint> partial(Instant at, RestorePoint... found) {
        return Given.withBlind(new Sighting<>(at, List.of(found), List.of(), Set.of(), List.of()), "vault east");
    }

    @Test
    void newestMomentAheadOfTheClock_isUnknown() {
        Finding finding = judged(Points.healthy(41, EVERY, Duration.ofHours(-1)), EVERY_SAMPLE, 600);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("1 h ahead of the clock here");
    }

    @Test
    void samplesTakenWhileTheServersClockWasAhead_doNotSpeakForTheirTime() {
        Given given = Points.servers();
        for (int at = 0; at <= 600; at += 15) {
            boolean ahead = at >= 150 && at <= 300;
            given.looked(Points.at(at), Points.window(-3_600, at + (ahead ? 60 : -10), Points.EAST));
        }

        Finding finding = judged(given, EVERY_SAMPLE, 600);

        assertThat(finding.verdict()).as(finding.reason()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("observed 7 min of 10 minutes");
    }

    @Test
    void evidenceTooOld_isUnknown_andARecordedBreachStays() {
        assertThat(judged(Points.healthy(41, EVERY, LAG), EVERY_SAMPLE, 650).reason())
                .contains("evidence is 50 s old");
        assertThat(judged(withOneGap(), EVERY_SAMPLE, 1_000).verdict()).isEqualTo(Verdict.BREACHED);
    }

    @Test
    void withoutThePlaceOfTheServers_nobodyKnowsWhatSurvivesThem() {
        Given given = new Given().looked(Points.T0, Points.window(-60, -1, Place.UNKNOWN));

        Finding finding = judged(given, EVERY_SAMPLE, 0);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("nobody can tell what survives them");
        assertThat(judged(new Given().seen(Facet.SETTINGS, Given.settings()), EVERY_SAMPLE, 0)
                        .nextStep())
                .contains("RestorePointSource");
    }
}
