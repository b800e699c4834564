package com.cybernance.continuity.check;

import static com.cybernance.continuity.check.Given.blind;
import static com.cybernance.continuity.check.Given.in;
import static com.cybernance.continuity.check.Given.onHost;
import static com.cybernance.continuity.check.Given.primary;
import static com.cybernance.continuity.check.Given.quorum;
import static com.cybernance.continuity.check.Given.replica;
import static com.cybernance.continuity.check.Given.servers;
import static com.cybernance.continuity.check.Given.setting;
import static com.cybernance.continuity.check.Given.settings;
import static com.cybernance.continuity.check.Given.withBlind;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Setting.Effect;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.SynchronousReplica;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SynchronousReplicaJudgeTest {
    private static final Clause CLAUSE =
            Clause.of("db", new SynchronousReplica(Factor.DATA_CENTRE)).evidenceAge(Duration.ofSeconds(45));
    private static final ReplicaState NORTH = primary(in("north"));
    private static final ReplicaState SOUTH = replica("standby", Mode.SYNCHRONOUS, Link.CURRENT, in("south"));

    private static Finding judged(ReplicaState... servers) {
        return new Given()
                .goodSettings()
                .seen(Facet.REPLICATION, servers(servers))
                .judge(CLAUSE);
    }

    @Test
    void synchronousReplicaElsewhere_isMet_andTheReasonNamesBothPlaces() {
        Finding finding = judged(NORTH, SOUTH);

        assertThat(finding.verdict()).isEqualTo(Verdict.MET);
        assertThat(finding.reason())
                .contains("each commit waits for standby in data centre south (declared by the test)")
                .contains("apart from primary in data centre north");
        assertThat(finding.observedAt()).contains(Given.NOW);
        assertThat(finding.evidence()).extracting(Evidence::facet).contains("ReplicationSource", "SettingSource");
    }

    @Test
    void replicaThatNoCommitWaitsFor_isBreached() {
        for (Mode mode : List.of(Mode.ASYNCHRONOUS, Mode.POTENTIAL)) {
            Finding finding = judged(NORTH, replica("standby", mode, Link.CURRENT, in("south")));

            assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
            assertThat(finding.reason())
                    .contains("standby is %s: no commit waits for it"
                            .formatted(mode.name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    @Test
    void replicaInTheSamePlace_orInAPlaceThatNobodyNames_isBreached() {
        assertThat(judged(NORTH, replica("standby", Mode.SYNCHRONOUS, Link.CURRENT, in("north")))
                        .verdict())
                .isEqualTo(Verdict.BREACHED);

        Finding nowhere = judged(NORTH, replica("stray", Mode.SYNCHRONOUS, Link.CURRENT, Place.UNKNOWN));
        assertThat(nowhere.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(nowhere.reason()).contains("stray with no data centre known is not surely apart");
    }

    @Test
    void placeThatTwoSourcesNameDifferently_countsAsShared() {
        Place contradicted = in("south")
                .and(new PlaceFactor(Factor.DATA_CENTRE, "north", PlaceFactor.Basis.OBSERVED, "the server itself"));

        Finding finding = judged(NORTH, replica("standby", Mode.SYNCHRONOUS, Link.CURRENT, contradicted));

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("north (observed by the server itself), south (declared by the test)");
    }

    @Test
    void disconnectedReplica_isBreached_andAnUnknownLinkIsUnknown() {
        assertThat(judged(NORTH, replica("standby", Mode.SYNCHRONOUS, Link.DISCONNECTED, in("south")))
                        .verdict())
                .isEqualTo(Verdict.BREACHED);
        Finding unknownLink = judged(NORTH, replica("standby", Mode.SYNCHRONOUS, Link.UNKNOWN, in("south")));
        assertThat(unknownLink.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(unknownLink.reason()).contains("the link to standby is not known");
        Finding unknownMode = judged(NORTH, replica("standby", Mode.UNKNOWN, Link.CURRENT, in("south")));
        assertThat(unknownMode.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(unknownMode.reason()).contains("how commits depend on standby is not known");
    }

    @Test
    void quorum_isMetOnlyWhenEveryWayToAcknowledgeReachesElsewhere() {
        ReplicaState near = quorum("near", 1, in("north"));

        assertThat(judged(NORTH, near, quorum("far", 1, in("south"))).verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(judged(NORTH, quorum("near", 2, in("north")), quorum("far", 2, in("south")))
                        .verdict())
                .isEqualTo(Verdict.MET);
        assertThat(judged(NORTH, quorum("far", 1, in("south")), quorum("farther", 1, in("west")))
                        .verdict())
                .isEqualTo(Verdict.MET);
    }

    @Test
    void noServerOrTwoPrimaries_isUnknown() {
        assertThat(judged().verdict()).isEqualTo(Verdict.UNKNOWN);

        Finding split = judged(NORTH, NORTH, SOUTH);
        assertThat(split.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(split.reason()).contains("2 servers take writes");
    }

    @Test
    void weakSetting_isBreached_whateverTheReplicas() {
        Finding finding = new Given()
                .seen(Facet.REPLICATION, servers(NORTH, SOUTH))
                .seen(
                        Facet.SETTINGS,
                        settings(
                                setting("fsync", "on", Effect.KEEPS),
                                setting("synchronous_commit of role reports", "off", Effect.WEAKENS)))
                .judge(CLAUSE);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("on primary: synchronous_commit of role reports is off; needed: on");
    }

    @Test
    void settingsThatNobodyShows_areUnknown_andTheFacetIsNamed() {
        Finding finding =
                new Given().seen(Facet.REPLICATION, servers(NORTH, SOUTH)).judge(CLAUSE);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).isEqualTo("no target of 'db' (db) offers SettingSource");
        assertThat(finding.nextStep()).contains("a target that offers SettingSource");
    }

    @Test
    void lookThatDidNotSeeAll_isNeverMet() {
        Sighting<ReplicaState> incomplete =
                new Sighting<>(Given.NOW, List.of(NORTH, SOUTH), List.of(), Set.of(), List.of());
        Finding halfSeen =
                new Given().goodSettings().seen(Facet.REPLICATION, incomplete).judge(CLAUSE);
        assertThat(halfSeen.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(halfSeen.reason()).contains("never said that it saw all");

        Finding blindSpot = new Given()
                .goodSettings()
                .seen(Facet.REPLICATION, withBlind(servers(NORTH, SOUTH), "standby"))
                .judge(CLAUSE);
        assertThat(blindSpot.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(blindSpot.reason()).contains("standby hidden: no answer");
    }

    @Test
    void settingsWithABlindSpotInDurability_areNeverMet() {
        Finding finding = new Given()
                .seen(Facet.REPLICATION, servers(NORTH, SOUTH))
                .seen(Facet.SETTINGS, withBlind(settings(setting("fsync", "on", Effect.KEEPS)), "durability: roles"))
                .judge(CLAUSE);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void evidence_isGoodUpToItsGreatestAge_andThenUnknown() {
        Given fresh = new Given().goodSettings().seen(Facet.REPLICATION, servers(NORTH, SOUTH), Duration.ofSeconds(45));
        assertThat(fresh.judge(CLAUSE).verdict()).isEqualTo(Verdict.MET);

        Finding old = new Given()
                .goodSettings()
                .silence(Facet.REPLICATION, servers(NORTH, SOUTH), Duration.ofMillis(45_001), "connection refused")
                .judge(CLAUSE);
        assertThat(old.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(old.reason())
                .contains("evidence is 45 s old, at most 45 s is allowed")
                .contains("the last look brought nothing: connection refused");
    }

    @Test
    void breachThatIsTooOld_isUnknownToo() {
        Finding old = new Given()
                .goodSettings()
                .seen(Facet.REPLICATION, servers(NORTH), Duration.ofMinutes(1))
                .judge(CLAUSE);

        assertThat(old.verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void denial_replacesWhatWasKnown() {
        Finding finding = new Given()
                .goodSettings()
                .seen(Facet.REPLICATION, blind("all", FailureKind.DENIED, "pg_monitor is missing"))
                .judge(CLAUSE);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("pg_monitor is missing");
    }

    @Test
    void twoPlacesOnOneHost_areBreachedInProduction_andSaidInARehearsal() {
        ReplicaState here = primary(onHost(in("north"), "10.0.0.1"));
        ReplicaState there = replica("standby", Mode.SYNCHRONOUS, Link.CURRENT, onHost(in("south"), "10.0.0.1"));

        Finding production = judged(here, there);
        assertThat(production.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(production.reason()).contains("were seen on one host (10.0.0.1)");

        Finding rehearsal = new Given()
                .rehearsal()
                .goodSettings()
                .seen(Facet.REPLICATION, servers(here, there))
                .judge(CLAUSE);
        assertThat(rehearsal.verdict()).isEqualTo(Verdict.MET);
        assertThat(rehearsal.reason()).contains("in production this would be BREACHED");
    }

    @Test
    void settingsOfAnotherCluster_doNotVouchForThisOne() {
        TargetId other = TargetId.of("other");
        ReplicaState primary = new ReplicaState(
                other.member("primary"),
                ReplicaState.Role.PRIMARY,
                Mode.PRIMARY,
                0,
                Link.CURRENT,
                in("north"),
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                "");
        ReplicaState standby = new ReplicaState(
                other.member("standby"),
                ReplicaState.Role.REPLICA,
                Mode.SYNCHRONOUS,
                0,
                Link.CURRENT,
                in("south"),
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                "");

        Finding finding = new Given()
                .goodSettings()
                .seen(Facet.REPLICATION, servers(NORTH, SOUTH))
                .seenBy(other, Facet.REPLICATION, servers(primary, standby))
                .judge(CLAUSE);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("no durability setting of the primary of other was seen");
    }

    @Test
    void settingsOfAStandbyAlone_doNotVouchForThePrimary() {
        Setting ofTheStandby =
                new Setting(Given.DB.member("standby"), Setting.Kind.DURABILITY, "fsync", "on", "on", Effect.KEEPS);

        Finding finding = new Given()
                .seen(Facet.SETTINGS, settings(ofTheStandby))
                .seen(Facet.REPLICATION, servers(NORTH, SOUTH))
                .judge(CLAUSE);

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void blindSpotInFreeWords_hidesDurability_andOneInAnotherKindDoesNot() {
        Sighting<Setting> good = settings(setting("fsync", "on", Effect.KEEPS));

        assertThat(new Given()
                        .seen(Facet.REPLICATION, servers(NORTH, SOUTH))
                        .seen(Facet.SETTINGS, withBlind(good, "overrides of roles"))
                        .judge(CLAUSE)
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(new Given()
                        .seen(Facet.REPLICATION, servers(NORTH, SOUTH))
                        .seen(Facet.SETTINGS, withBlind(good, "capacity: slots"))
                        .judge(CLAUSE)
                        .verdict())
                .isEqualTo(Verdict.MET);
    }

    @Test
    void placeThatAnObservationContradicts_isBreachedInProduction() {
        Place contradicted = in("south")
                .and(new PlaceFactor(Factor.DATA_CENTRE, "east", PlaceFactor.Basis.OBSERVED, "the provider's API"));

        Finding finding = judged(NORTH, replica("standby", Mode.SYNCHRONOUS, Link.CURRENT, contradicted));

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("standby was observed elsewhere than declared");
    }

    @Test
    void replicaThatIsReportedTwice_isNotMet() {
        assertThat(judged(NORTH, SOUTH, replica("standby", Mode.ASYNCHRONOUS, Link.DISCONNECTED, in("north")))
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }
}
