package com.cybernance.continuity.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Continuous;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContinuousJudgeTest {
    private static final Clause CLAUSE = Clause.of(
                    "db", new Continuous(Optional.of(Duration.ofSeconds(20)), Set.of(Factor.DATA_CENTRE)))
            .evidenceAge(Duration.ofSeconds(45));

    /** Three looks, five seconds apart; the last one at noon and ten seconds. */
    private static Given healthy() {
        return Points.healthy(3, Duration.ofSeconds(5), Duration.ofSeconds(2));
    }

    private static Finding judged(Given given, long now) {
        return given.now(Points.at(now)).judge(CLAUSE);
    }

    @Test
    void newestMomentThatAdvancesInEachPlace_isMet() {
        Finding finding = judged(healthy(), 11);

        assertThat(finding.verdict()).as(finding.reason()).isEqualTo(Verdict.MET);
        assertThat(finding.reason())
                .contains("in data centre east every moment from 2026-11-23T11:00:00Z to 2026-11-23T12:00:08Z")
                .contains("of 2 places: 2 MET");
    }

    @Test
    void windowThatEndsBeforeTheNextBegins_isBreached_andNamedFromTo() {
        Finding finding = judged(
                healthy()
                        .looked(
                                Points.at(15),
                                Points.window(-3_600, -1_800, Points.EAST),
                                Points.window(-1_700, 13, Points.EAST),
                                Points.window(-3_600, 13, Points.WEST)),
                15);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason())
                .contains("orders has a gap in data centre east from 2026-11-23T11:30:00Z to 2026-11-23T11:31:40Z")
                .contains("of 2 places: 1 MET, 1 BREACHED");
    }

    @Test
    void windowsThatOverlapOrTouch_haveNoGap() {
        Finding finding = judged(
                healthy()
                        .looked(
                                Points.at(15),
                                Points.window(-60, 13, Points.EAST, Points.WEST),
                                Points.window(-3_600, -59, Points.EAST, Points.WEST)),
                15);

        assertThat(finding.verdict()).as(finding.reason()).isEqualTo(Verdict.MET);
    }

    @Test
    void momentsThatWereReachableBefore_andAreNoMore_areAGap() {
        Finding finding = judged(
                healthy()
                        .looked(
                                Points.at(15),
                                Points.window(-3_600, 4, Points.EAST),
                                Points.window(-3_600, 13, Points.WEST)),
                15);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason())
                .contains("in data centre east from 2026-11-23T12:00:04Z to 2026-11-23T12:00:08Z")
                .contains("an earlier look found these moments reachable");
    }

    @Test
    void nothingNewer_isBreachedAfterThePause() {
        Given stuck = healthy();
        for (int at = 15; at <= 30; at += 5) {
            stuck.looked(Points.at(at), Points.window(-3_600, 8, Points.EAST, Points.WEST));
        }

        assertThat(judged(stuck, 28).verdict()).isEqualTo(Verdict.MET);
        Finding finding = judged(healthy().looked(Points.at(30), Points.window(-3_600, 8, Points.EAST)), 30);
        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("nothing newer arrived for 22 s, at most 20 seconds is allowed");
    }

    @Test
    void newestMomentThatWasNeverSeenToAdvance_isUnknown() {
        Finding finding = judged(Points.healthy(1, Duration.ofSeconds(5), Duration.ofSeconds(2)), 1);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("no look within 45 s found anything newer");
    }

    @Test
    void fewerPlacesThanBefore_areUnknown() {
        Finding finding = judged(healthy().looked(Points.at(15), Points.window(-3_600, 13, Points.WEST)), 15);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("orders had copies in data centre east at an earlier look");
    }

    @Test
    void oneScopeForEachVault_isEverything_untilOneOfThemIsMissing() {
        Finding whole = judged(inScopes(), 11);
        Finding less = judged(inScopes().looked(Points.at(15), scoped(15, Set.of("vault west"))), 15);

        assertThat(whole.verdict()).as(whole.reason()).isEqualTo(Verdict.MET);
        assertThat(less.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(less.reason()).contains("an earlier look saw all of 'vault east', this one did not");
    }

    private static Given inScopes() {
        Given given = Points.servers();
        for (int at = 0; at <= 10; at += 5) {
            given.looked(Points.at(at), scoped(at, Set.of("vault east", "vault west")));
        }
        return given;
    }

    private static Sighting<RestorePoint> scoped(long at, Set<String> scopes) {
        return new Sighting<>(
                Points.at(at),
                List.of(Points.window(-3_600, at - 2, Points.EAST, Points.WEST)),
                List.of(),
                scopes,
                List.of());
    }

    @Test
    void placeThatCannotBeSeen_isUnknown() {
        Finding finding = judged(
                healthy()
                        .looked(Points.at(15), Given.blind("vault east", FailureKind.UNREACHABLE, "no such directory")),
                15);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("no such directory");
    }

    @Test
    void noPointAtAll_orNoneInAnotherPlace_isBreached_andOneThatIsNotCompleteUnknown() {
        assertThat(judged(Points.servers().looked(Points.T0), 0).verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(judged(Points.servers().looked(Points.T0, Points.window(-60, 0, Given.in("south"))), 0)
                        .reason())
                .isEqualTo("orders has no copy in another data centre than its servers");
        assertThat(judged(Points.servers().looked(Points.T0, Points.window(Copy.State.TAKEN, -60, 0, Points.EAST)), 0)
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void strayServer_isNotToBlameWhereTheOnlyCopyIsBesideThePrimary() {
        Finding finding = judged(
                new Given()
                        .seen(
                                Facet.REPLICATION,
                                Given.servers(
                                        Given.primary(Given.in("north")),
                                        Given.replica(
                                                "stray",
                                                ReplicaState.Mode.SYNCHRONOUS,
                                                ReplicaState.Link.CURRENT,
                                                Place.UNKNOWN)))
                        .looked(Points.T0, Points.window(-60, 0, Given.in("north"))),
                0);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).isEqualTo("orders has no copy in another data centre than its servers");
        assertThat(finding.nextStep()).isEqualTo("have its log received in another place");
    }

    @Test
    void strayServerOfUnknownPlace_isNamedAsTheReasonWhyNoCopyCounts() {
        Finding finding = judged(
                new Given()
                        .seen(
                                Facet.REPLICATION,
                                Given.servers(
                                        Given.primary(Given.in("north")),
                                        Given.replica(
                                                "stray",
                                                ReplicaState.Mode.SYNCHRONOUS,
                                                ReplicaState.Link.CURRENT,
                                                Place.UNKNOWN)))
                        .looked(Points.T0, Points.window(-60, 0, Points.EAST)),
                0);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason())
                .isEqualTo("no copy of orders is known to be in another data centre than its servers: nobody says where"
                        + " stray is, so it counts as beside every copy");
        assertThat(finding.nextStep()).isEqualTo("declare the place of stray, or disconnect it if it is none of ours");
    }

    @Test
    void pauseOfNoClause_isFiveMinutes() {
        Clause plain = Clause.of("db", new Continuous());

        assertThat(Points.healthy(3, Duration.ofSeconds(5), Duration.ofMinutes(4))
                        .now(Points.at(11))
                        .judge(plain)
                        .verdict())
                .isEqualTo(Verdict.MET);
        assertThat(Points.healthy(3, Duration.ofSeconds(5), Duration.ofMinutes(6))
                        .now(Points.at(11))
                        .judge(plain)
                        .verdict())
                .isEqualTo(Verdict.BREACHED);
    }
}
