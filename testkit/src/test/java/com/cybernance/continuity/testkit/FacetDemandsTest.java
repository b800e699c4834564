package com.cybernance.continuity.testkit;

import static com.cybernance.continuity.facts.ClientOutcome.Result.NO_CONNECTION;
import static com.cybernance.continuity.facts.ClientOutcome.Result.READ_ONLY;
import static com.cybernance.continuity.facts.ClientOutcome.Result.WROTE;
import static com.cybernance.continuity.testkit.QuietTarget.ASKED;
import static com.cybernance.continuity.testkit.QuietTarget.ID;
import static com.cybernance.continuity.testkit.QuietTarget.NIGHT;
import static com.cybernance.continuity.testkit.QuietTarget.PRIMARY;
import static com.cybernance.continuity.testkit.QuietTarget.STANDBY;
import static com.cybernance.continuity.testkit.QuietTarget.replica;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each demand that one facet adds catches a provider that breaks it, and says what is wrong. */
class FacetDemandsTest {
    private static final Optional<Duration> MOMENT = Optional.of(Duration.ofMillis(3));
    private static final Optional<Duration> NEVER = Optional.empty();

    @TestFactory
    Stream<DynamicTest> suite_overAPlantedProvider_failsTheDemandThatItBreaks() {
        return planted().map(Planted::test);
    }

    @Test
    void everyDemandOfAFacet_hasAProviderThatBreaksIt() {
        Stream<Class<?>> suites = Stream.of(
                ReplicationContract.class,
                SettingContract.class,
                InventoryContract.class,
                ClientProbeContract.class,
                RestorePointContract.class);

        assertThat(planted().map(Planted::demand))
                .containsAll(suites.flatMap(suite -> Suites.demands(suite.getDeclaredMethods()))
                        .map(Method::getName)
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> suite_overAGoodProvider_failsNoDemand() {
        return Facet.ALL.stream()
                .map(facet -> DynamicTest.dynamicTest(facet.name(), () -> assertThat(
                                Suites.failures(Suites.over(facet, new QuietTarget()), any -> true))
                        .isEmpty()));
    }

    private static Stream<Planted> planted() {
        return Stream.of(primaries(), quorums(), lags(), settings(), kinds(), outcomes(), points())
                .flatMap(List::stream);
    }

    private static List<Planted> primaries() {
        String one = "look_namesOnePrimaryOrIsBlind";
        String mode = "look_givesThePrimarysModeToThePrimaryAlone";
        return List.of(
                replicas("no primary", one, "primaries", STANDBY),
                replicas("two", one, "primaries", PRIMARY, replica("south", Role.PRIMARY, Mode.PRIMARY, 0, 0, 0)),
                replicas("a replica so", mode, "fit", PRIMARY, replica("south", Role.REPLICA, Mode.PRIMARY, 0, 0, 0)),
                replicas("a primary not so", mode, "fit", replica("north", Role.PRIMARY, Mode.UNKNOWN, 0, 0, 0)),
                Planted.in(
                        Facet.REPLICATION,
                        "a scope of its own",
                        "look_completesAScopeOnceAndLast",
                        "scopes that ReplicationSource knows",
                        (real, deadline, sink) -> {
                            real.look(deadline, sink);
                            sink.complete("replicas");
                        }));
    }

    private static List<Planted> quorums() {
        String demand = "look_countsAQuorumThatItsMembersCanReach";
        return List.of(
                replicas("too many", demand, "mode QUORUM", PRIMARY, waiting(2, Mode.QUORUM)),
                replicas("none", demand, "mode QUORUM", PRIMARY, waiting(0, Mode.QUORUM)),
                replicas("no quorum", demand, "mode SYNCHRONOUS", PRIMARY, waiting(1, Mode.SYNCHRONOUS)));
    }

    private static List<Planted> lags() {
        String demand = "look_ordersLagFromWriteToReplay";
        String says = "write, flush, replay";
        return List.of(
                replicas("replays first", demand, says, PRIMARY, replica("a", Role.REPLICA, Mode.QUORUM, 0, 16, 8)),
                replicas("flushes first", demand, says, PRIMARY, replica("a", Role.REPLICA, Mode.QUORUM, 9, 8, 16)));
    }

    private static List<Planted> settings() {
        return List.of(
                Planted.in(
                        Facet.SETTINGS,
                        "a setting that needs nothing",
                        "look_saysWhatASettingNeeds",
                        "name and needed value",
                        Fault.lie(s -> new Setting(s.id(), s.kind(), s.name(), s.observed(), " ", s.effect()))),
                Planted.in(
                        Facet.SETTINGS,
                        "one scope of two",
                        "look_leavesNoScopeOpenInSilence",
                        "the scope of this fact",
                        (real, deadline, sink) -> real.look(deadline, new Fault.Passing<>(sink) {
                            @Override
                            public void complete(String scope) {
                                if (scope.equals("durability")) {
                                    super.complete(scope);
                                }
                            }
                        })));
    }

    private static List<Planted> kinds() {
        return List.of(Planted.in(
                Facet.INVENTORY,
                "a kind in other words",
                "look_namesKindsAsThePolicyDoes",
                "as policies write it",
                Fault.lie(item -> new InventoryItem(item.id(), "Database Server", item.description()))));
    }

    private static List<Planted> outcomes() {
        String write = "a time for the write";
        return List.of(
                outcome("wrote in no time", write, new ClientOutcome(ID.member("a"), WROTE, MOMENT, NEVER, "wrote")),
                outcome(
                        "wrote nothing",
                        write,
                        new ClientOutcome(ID.member("a"), READ_ONLY, MOMENT, MOMENT, "refused")),
                outcome(
                        "no connection, but a time",
                        "a time for connecting",
                        new ClientOutcome(ID.member("a"), NO_CONNECTION, MOMENT, NEVER, "refused")),
                outcome(
                        "time that runs back",
                        "times of",
                        new ClientOutcome(ID.member("a"), WROTE, MOMENT, Optional.of(Duration.ofMillis(-1)), "wrote")),
                outcome("no word", "the line", new ClientOutcome(ID.member("a"), WROTE, MOMENT, MOMENT, "")));
    }

    private static List<Planted> points() {
        Copy copy = new Copy("disk", Place.UNKNOWN, Copy.State.TAKEN, NIGHT);
        return List.of(
                point("a point without a name", "the id of", p -> changed(" ", p, p.copies())),
                point("two copies of one name", "ids of the copies", p -> changed(p.id(), p, List.of(copy, copy))));
    }

    private static Planted replicas(String sin, String demand, String says, ReplicaState... states) {
        return Planted.in(Facet.REPLICATION, sin, demand, says, (real, deadline, sink) -> {
            sink.asked(ASKED);
            List.of(states).forEach(sink::found);
            sink.complete(Sink.ALL);
        });
    }

    private static Planted outcome(String sin, String says, ClientOutcome outcome) {
        return Planted.in(Facet.CLIENT_PROBE, sin, "look_timesWhatWorked", says, Fault.lie(real -> outcome));
    }

    private static Planted point(String sin, String says, UnaryOperator<RestorePoint> change) {
        return Planted.in(Facet.RESTORE_POINTS, sin, "look_namesEveryPointAndItsCopies", says, Fault.lie(change));
    }

    private static RestorePoint changed(String id, RestorePoint from, List<Copy> copies) {
        return new RestorePoint(
                id, from.resource(), from.lineage(), from.earliest(), from.latest(), copies, from.requires());
    }

    private static ReplicaState waiting(int members, Mode mode) {
        ReplicaState s = replica("south", Role.REPLICA, mode, 0, 8, 16);
        return new ReplicaState(
                s.id(), s.role(), mode, members, s.link(), s.place(), s.write(), s.flush(), s.replay(), s.detail());
    }
}
