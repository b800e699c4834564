package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RestorePlannerTest {
    static final ResourceId DATABASE = TargetId.of("postgres:orders").member("7301");
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Place NORTH = Place.declared(Factor.DATA_CENTRE, "north", "operations");
    private static final Place SOUTH = Place.declared(Factor.DATA_CENTRE, "south", "operations");

    static Instant at(String time) {
        return Instant.parse("2026-11-25T" + time + "Z");
    }

    static Copy copy(String id, Place place, Copy.State state) {
        return new Copy(id, place, state, at("01:00:00"));
    }

    static RestorePoint point(String id, String earliest, String latest, Copy... copies) {
        return new RestorePoint(id, DATABASE, "l1", at(earliest), at(latest), List.of(copies), List.of());
    }

    static RestoreGoal goal(String moment) {
        return RestoreGoal.of(DATABASE, RecoverTo.moment(at(moment)), "/srv/restored");
    }

    @SuppressWarnings("unused") // a restorer's steps depend on the request
    private static List<String> steps(RestoreRequest request) {
        return List.of("fetch", "replay", "start");
    }

    private static RestorePlan plan(RestoreGoal goal, RestorePoint... points) {
        return RestorePlanner.plan(
                new Sighting<>(NOW, List.of(points), List.of(), Set.of(Sink.ALL), List.of()),
                goal,
                RestorePlannerTest::steps,
                NOW);
    }

    private static UnreachableException refusal(RestoreGoal goal, RestorePoint... points) {
        return catchThrowableOfType(UnreachableException.class, () -> plan(goal, points));
    }

    private static final RestorePoint OLD = point("old", "02:00:00", "08:00:00", copy("a", NORTH, Copy.State.VERIFIED));
    private static final RestorePoint NEW = point(
            "new",
            "04:00:00",
            "06:30:00",
            copy("a", NORTH, Copy.State.COMPLETE),
            copy("b", SOUTH, Copy.State.VERIFIED));

    @Test
    void plan_takesTheNewestBaseInItsMostGrownUpCopy_andSaysWhyNotTheOthers() {
        RestorePlan plan = plan(goal("05:00:00"), OLD, NEW);

        assertThat(plan.request().point()).isEqualTo(NEW);
        assertThat(plan.request().copy()).isEqualTo("b");
        assertThat(plan.steps()).containsExactly("fetch", "replay", "start");
        assertThat(plan.expectedEnd()).contains(at("05:00:00"));
        assertThat(plan.rejected())
                .extracting(Rejected::toString)
                .containsExactly(
                        "new in a: the copy is COMPLETE, and the chosen one is VERIFIED",
                        "old in a: its base is older by 2 hours, which would have to be replayed");
    }

    @Test
    void plan_inWords_showsAllThatAnApproverNeeds() {
        assertThat(plan(goal("05:00:00").without(Factor.DATA_CENTRE, "north"), OLD, NEW)
                        .inWords())
                .isEqualTo("""
                        plan %s
                        restores postgres:orders/7301 to 2026-11-25T05:00:00Z, reaching 2026-11-25T05:00:00Z
                        into /srv/restored
                        from new, lineage l1, copy b, seen at 2026-11-25T12:00:00Z
                        steps:
                        - fetch
                        - replay
                        - start
                        not chosen:
                        - new in a: data centre north is lost, and the copy has data centre north (declared by operations)
                        - old in a: data centre north is lost, and the copy has data centre north (declared by operations)""".formatted(plan(goal("05:00:00").without(Factor.DATA_CENTRE, "north"), OLD, NEW)
                        .id()));
    }

    @Test
    void momentInAGap_isRefused_withTheNearestOnBothSides() {
        RestorePoint later = point("later", "09:00:00", "10:00:00", copy("a", NORTH, Copy.State.COMPLETE));

        UnreachableException refused = refusal(goal("08:00:01"), OLD, NEW, later);

        assertThat(refused.kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(refused.nearestBefore()).contains(at("08:00:00"));
        assertThat(refused.nearestAfter()).contains(at("09:00:00"));
        assertThat(refused).hasMessage("""
                        postgres:orders/7301 cannot be brought back to 2026-11-25T08:00:01Z:
                        - later in a: it begins at 2026-11-25T09:00:00Z, 59 minutes 59 seconds later
                        - new in b: it ends at 2026-11-25T06:30:00Z, 90 minutes 1 second earlier
                        - new in a: it ends at 2026-11-25T06:30:00Z, 90 minutes 1 second earlier
                        - old in a: it ends at 2026-11-25T08:00:00Z, 1 second earlier. Hint: nearest reachable before: 2026-11-25T08:00:00Z, after: 2026-11-25T09:00:00Z""".replace("90 minutes 1 second", "1 hour 30 minutes 1 second"));
    }

    @Test
    void momentBeforeOrAfterEverything_isRefused_withTheNearestOnOneSide() {
        UnreachableException before = refusal(goal("01:59:59"), OLD, NEW);
        UnreachableException after = refusal(goal("08:00:01"), OLD, NEW);

        assertThat(before.nearestBefore()).isEmpty();
        assertThat(before.nearestAfter()).contains(at("02:00:00"));
        assertThat(after.nearestBefore()).contains(at("08:00:00"));
        assertThat(after.nearestAfter()).isEmpty();
        assertThat(before).hasMessageContaining("nearest reachable before: none, after: 2026-11-25T02:00:00Z");
    }

    @Test
    void latest_isTheGreatestMomentOfAnyCopyThatMayBeUsed() {
        RestoreGoal goal = RestoreGoal.of(DATABASE, RecoverTo.latest(), "/srv/restored");

        assertThat(plan(goal, OLD, NEW).expectedEnd()).contains(at("08:00:00"));
        assertThat(plan(goal.without(Factor.DATA_CENTRE, "north"), OLD, NEW).expectedEnd())
                .contains(at("06:30:00"));
    }

    @Test
    void copyWhosePlaceDoesNotNameTheFactor_countsAsLostWithIt() {
        RestorePoint nowhere = point("p", "02:00:00", "08:00:00", copy("a", Place.UNKNOWN, Copy.State.VERIFIED));

        assertThat(refusal(goal("05:00:00").without(Factor.HAZARD, "flood"), nowhere))
                .hasMessageContaining("p in a: hazard flood is lost, and the copy has no hazard known");
    }

    @Test
    void missingKey_andACopyThatIsNotGrownUp_areBothNamed() {
        RestorePoint sealed = new RestorePoint(
                "p",
                DATABASE,
                "l1",
                at("02:00:00"),
                at("08:00:00"),
                List.of(copy("a", NORTH, Copy.State.TAKEN)),
                List.of(
                        new Requirement(Requirement.Kind.KEY, "online-1"),
                        new Requirement(Requirement.Kind.LOG, "1/2-1/3")));

        assertThat(refusal(goal("05:00:00").keys(Set.of("recovery-1")), sealed))
                .hasMessageContaining(
                        "it needs the key online-1, and at hand is recovery-1, and the copy is TAKEN since"
                                + " 2026-11-25T01:00:00Z, and at least COMPLETE was asked for");
        assertThat(plan(goal("05:00:00").keys(Set.of("online-1")).atLeast(Copy.State.TAKEN), sealed)
                        .request()
                        .copy())
                .isEqualTo("a");
    }

    @Test
    void keyOfWhichAnotherWouldDo_isEnough() {
        RestorePoint sealed = new RestorePoint(
                "p",
                DATABASE,
                "l1",
                at("02:00:00"),
                at("08:00:00"),
                List.of(copy("a", NORTH, Copy.State.COMPLETE)),
                List.of(new Requirement(Requirement.Kind.KEY, "online-1 or recovery-1")));

        assertThat(plan(goal("05:00:00").keys(Set.of("recovery-1")), sealed)
                        .request()
                        .point())
                .isEqualTo(sealed);
        assertThat(refusal(goal("05:00:00").keys(Set.of("recovery-2")), sealed))
                .hasMessageContaining("it needs the key online-1 or recovery-1, and at hand is recovery-2");
    }

    @Test
    void windowsThatBeginTogetherAtAFork_areToldApartByTheirIds() {
        RestorePoint first = point("20261125t020000z", "04:00:00", "08:00:00", copy("a", NORTH, Copy.State.COMPLETE));
        RestorePoint second = point("20261125t030000z", "04:00:00", "08:00:00", copy("a", NORTH, Copy.State.COMPLETE));

        RestorePlan plan = plan(goal("05:00:00"), first, second);

        assertThat(plan.request().point()).isEqualTo(second);
        assertThat(plan.rejected().toString()).contains("it is as good as the chosen one");
    }

    @Test
    void twoLineagesThatReachTheMoment_areListed_unlessOneIsNamed() {
        RestorePoint other = new RestorePoint(
                "other",
                DATABASE,
                "l2",
                at("04:30:00"),
                at("09:00:00"),
                List.of(copy("a", NORTH, Copy.State.TAKEN)),
                List.of());

        UnreachableException refused = refusal(goal("05:00:00"), OLD, other);

        assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
        assertThat(refused.lineages()).containsExactly("l1", "l2");
        assertThat(refused)
                .hasMessageContaining("can be brought back to 2026-11-25T05:00:00Z in 2 lineages: l1, l2")
                .hasMessageContaining("name its lineage in the goal");
        assertThat(plan(goal("05:00:00").lineage("l1"), OLD, other).request().point())
                .isEqualTo(OLD);
        assertThat(plan(goal("03:00:00"), OLD, other).request().point()).isEqualTo(OLD);
    }

    @Test
    void restorerThatRefusesARequest_isHeard() {
        Function<RestoreRequest, List<String>> picky = request -> {
            if (request.point().id().equals("new")) {
                throw new ContinuityException(FailureKind.UNSUPPORTED, "version 14 is not restored", "use 15 to 18");
            }
            return List.of("start");
        };
        Sighting<RestorePoint> seen = new Sighting<>(NOW, List.of(OLD, NEW), List.of(), Set.of(Sink.ALL), List.of());

        RestorePlan plan = RestorePlanner.plan(seen, goal("05:00:00"), picky, NOW);

        assertThat(plan.request().point()).isEqualTo(OLD);
        assertThat(plan.rejected().toString()).contains("the restorer refuses it: version 14 is not restored");
    }

    @Test
    void evidenceThatIsTooOldOrFromTheFuture_isNoGroundForAPlan() {
        Sighting<RestorePoint> seen = new Sighting<>(NOW, List.of(OLD, NEW), List.of(), Set.of(Sink.ALL), List.of());
        RestoreGoal goal = goal("05:00:00").evidenceAge(Duration.ofMinutes(1));

        RestorePlanner.plan(seen, goal, RestorePlannerTest::steps, NOW.plusSeconds(60));
        assertThatThrownBy(() -> RestorePlanner.plan(seen, goal, RestorePlannerTest::steps, NOW.plusSeconds(61)))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining(
                        "were seen at 2026-11-25T12:00:00Z, 1 min 1 s ago, and at most 1 minute is allowed")
                .hasMessageContaining("look again");
        assertThatThrownBy(() -> RestorePlanner.plan(seen, goal, RestorePlannerTest::steps, NOW.minusSeconds(3600)))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("later than now, 2026-11-25T11:00:00Z");
    }

    @Test
    void whatTheLookDidNotSee_isToldInThePlanAndInTheRefusal() {
        Blind blind = new Blind("vault north", FailureKind.UNREACHABLE, "no route to host");
        Sighting<RestorePoint> half = new Sighting<>(NOW, List.of(NEW), List.of(blind), Set.of(), List.of());
        Sighting<RestorePoint> none = new Sighting<>(NOW, List.of(), List.of(blind), Set.of(), List.of());

        assertThat(RestorePlanner.plan(half, goal("05:00:00"), RestorePlannerTest::steps, NOW)
                        .unseen())
                .containsExactly("vault north hidden: no route to host");
        assertThatThrownBy(() -> RestorePlanner.plan(none, goal("05:00:00"), RestorePlannerTest::steps, NOW))
                .hasMessageContaining("no restore point of postgres:orders/7301 was seen")
                .hasMessageContaining("not seen: vault north hidden: no route to host");
    }
}
