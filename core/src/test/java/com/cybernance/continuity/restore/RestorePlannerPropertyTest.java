package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The planner against a brute-force search, in small worlds where everything collides. */
class RestorePlannerPropertyTest {
    private static final Instant ZERO = Instant.parse("2026-11-25T00:00:00Z");
    private static final Instant NOW = ZERO.plusSeconds(60);
    private static final List<ResourceId> RESOURCES =
            List.of(TargetId.of("db").member("main"), TargetId.of("db").member("other"));

    /** One world: what was seen, what is asked, and what the restorer can do. */
    private record World(List<RestorePoint> points, RestoreGoal goal, Set<Integer> impossible) {
        boolean possible(RestoreRequest request) {
            int weight = (request.point().id() + request.copy() + request.to()).hashCode();
            return !impossible.contains(Math.floorMod(weight, 7));
        }

        List<String> steps(RestoreRequest request) {
            if (!possible(request)) {
                throw new ContinuityException(FailureKind.UNSUPPORTED, "no way from there", "none");
            }
            return List.of("one " + request.copy(), "two " + request.to());
        }

        Sighting<RestorePoint> seen(List<RestorePoint> inThisOrder) {
            return new Sighting<>(NOW, inThisOrder, List.of(), Set.of(Sink.ALL), List.of());
        }

        RestorePlan plan(List<RestorePoint> inThisOrder) {
            return RestorePlanner.plan(seen(inThisOrder), goal, this::steps, NOW);
        }
    }

    @Test
    void plan_isWhatABruteForceSearchFinds_orRefusedLikeIt() {
        int[] planned = new int[3];
        Chance.check(200_000, chance -> {
            World world = world(chance);
            Oracle oracle = new Oracle(world.points(), world.goal(), world::possible);
            Oracle.Answer right = oracle.answer();
            if (right.best().isEmpty()) {
                planned[0]++;
                refusedAsUnreachable(world, oracle);
            } else if (world.goal().lineage().isEmpty() && right.lineages().size() > 1) {
                planned[1]++;
                UnreachableException refused = refusal(world);
                assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
                assertThat(refused.lineages()).containsExactlyElementsOf(right.lineages());
            } else {
                planned[2]++;
                plannedAs(world, right);
            }
        });
        System.out.println("unreachable, ambiguous, planned: " + java.util.Arrays.toString(planned));
        if (Long.getLong("continuity.seed") == null) {
            assertThat(planned).as("each outcome was met often").doesNotContain(0);
        }
    }

    private static void plannedAs(World world, Oracle.Answer right) {
        RestorePlan plan = world.plan(world.points());
        // Plain comparisons: in so many worlds the words of a failure are made only when there is one.
        boolean best = right.best().stream()
                .anyMatch(use -> use.point().equals(plan.request().point())
                        && use.copy().id().equals(plan.request().copy()));
        long copies = world.points().stream()
                .filter(point -> point.resource().equals(world.goal().resource()))
                .mapToLong(point -> point.copies().size())
                .sum();
        boolean reasons = plan.rejected().size() == copies - 1
                && plan.rejected().stream().noneMatch(each -> each.why().isEmpty());
        if (!best || !plan.expectedEnd().equals(right.end()) || !reasons) {
            throw new AssertionError("expected one of %s, to %s, got %s".formatted(right.best(), right.end(), plan));
        }
    }

    private static void refusedAsUnreachable(World world, Oracle oracle) {
        UnreachableException refused = refusal(world);
        boolean nearest = world.goal()
                .to()
                .moment()
                .map(asked -> refused.nearestBefore().equals(oracle.nearest(true, asked))
                        && refused.nearestAfter().equals(oracle.nearest(false, asked)))
                .orElse(true);
        boolean reasons =
                refused.rejected().stream().noneMatch(each -> each.why().isEmpty());
        if (refused.kind() != FailureKind.NOT_FOUND || !nearest || !reasons) {
            throw new AssertionError("expected a refusal with the nearest moments, got " + refused);
        }
    }

    private static UnreachableException refusal(World world) {
        try {
            throw new AssertionError("expected a refusal, got " + world.plan(world.points()));
        } catch (UnreachableException refused) {
            return refused;
        }
    }

    @Test
    void plan_hasTheSameId_inWhateverOrderThingsWereSeen() {
        Chance.check(10_000, chance -> {
            World world = world(chance);
            List<RestorePoint> shuffled = new ArrayList<>();
            for (RestorePoint point : world.points()) {
                List<Copy> copies = new ArrayList<>(point.copies());
                Collections.shuffle(copies, chance.random());
                shuffled.add(new RestorePoint(
                        point.id(),
                        point.resource(),
                        point.lineage(),
                        point.earliest(),
                        point.latest(),
                        copies,
                        point.requires()));
            }
            Collections.shuffle(shuffled, chance.random());
            if (chance.percent(50) && !shuffled.isEmpty()) {
                shuffled.add(shuffled.get(0));
            }

            RestorePlan plan;
            try {
                plan = world.plan(world.points());
            } catch (UnreachableException refused) {
                assertThatThrownBy(() -> world.plan(shuffled)).isInstanceOf(UnreachableException.class);
                return;
            }
            assertThat(world.plan(shuffled).id()).isEqualTo(plan.id());
        });
    }

    @Test
    void plan_withMoreLost_neverUsesWhatFewerLossesForbade_andNeverAnythingLost() {
        Predicate<RestorePlan> usesLost = plan -> plan.request().point().copies().stream()
                .filter(copy -> copy.id().equals(plan.request().copy()))
                .anyMatch(copy -> plan.goal().lost().stream()
                        .anyMatch(lost -> !copy.place().values(lost.factor()).stream()
                                        .allMatch(value -> !value.equals(lost.value()))
                                || copy.place().values(lost.factor()).isEmpty()));
        Chance.check(10_000, chance -> {
            World world = world(chance);
            try {
                assertThat(usesLost.test(world.plan(world.points()))).isFalse();
            } catch (UnreachableException refused) {
                World worse = new World(world.points(), world.goal().without(Factor.REGION, "r1"), world.impossible());
                if (refused.kind() == FailureKind.NOT_FOUND
                        && world.goal().to().moment().isPresent()) {
                    assertThatThrownBy(() -> worse.plan(worse.points())).isInstanceOf(UnreachableException.class);
                }
            }
        });
    }

    private static World world(Chance chance) {
        List<RestorePoint> points = new ArrayList<>();
        int count = chance.percent(5) ? 0 : chance.between(2, 9);
        for (int i = 0; i < count; i++) {
            points.add(point(chance, i));
        }
        Set<Integer> impossible =
                chance.percent(30) ? Set.of(chance.between(0, 6), 7 + chance.between(0, 6)) : Set.of();
        return new World(List.copyOf(points), goal(chance), impossible);
    }

    private static RestorePoint point(Chance chance, int number) {
        int earliest = chance.between(0, 20);
        int length = chance.percent(30) ? 0 : chance.between(0, 15);
        List<Copy> copies = IntStream.rangeClosed(0, chance.between(0, 2))
                .mapToObj(copy -> new Copy("c" + copy, place(chance), chance.pick(List.of(Copy.State.values())), ZERO))
                .toList();
        return new RestorePoint(
                "p" + number,
                chance.percent(80) ? RESOURCES.get(0) : RESOURCES.get(1),
                chance.percent(90) ? "l1" : "l2",
                ZERO.plusSeconds(earliest),
                ZERO.plusSeconds(earliest + length),
                copies,
                chance.percent(25)
                        ? List.of(new Requirement(chance.pick(List.of(Requirement.Kind.values())), chance.pick(KEYS)))
                        : List.of());
    }

    private static final List<String> KEYS = List.of("k1", "k2", "k1 or k2");

    private static Place place(Chance chance) {
        Place place = Place.UNKNOWN;
        while (chance.percent(60)) {
            place = place.and(
                    Place.declared(chance.pick(List.of(Factor.REGION, Factor.HOST)), "r" + chance.between(1, 2), "test")
                            .factors()
                            .get(0));
        }
        return place;
    }

    private static RestoreGoal goal(Chance chance) {
        RecoverTo to = chance.percent(70)
                ? RecoverTo.moment(ZERO.plusSeconds(chance.between(-2, 36)))
                : chance.percent(50) ? RecoverTo.latest() : RecoverTo.position("0/" + chance.between(1, 9));
        RestoreGoal goal = RestoreGoal.of(RESOURCES.get(0), to, "there")
                .atLeast(chance.percent(60) ? Copy.State.TAKEN : chance.pick(List.of(Copy.State.values())));
        while (chance.percent(15)) {
            goal = goal.without(chance.pick(List.of(Factor.REGION, Factor.HOST)), "r" + chance.between(1, 2));
        }
        if (chance.percent(30)) {
            goal = goal.lineage("l" + chance.between(1, 3));
        }
        return chance.percent(60) ? goal.keys(Set.of("k" + chance.between(1, 2))) : goal;
    }
}
