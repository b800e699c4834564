package com.cybernance.continuity.testkit.honesty;

import com.cybernance.continuity.Continuity;
import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Inventory;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.SynchronousReplica;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A random world in virtual time: clusters that change, looks that fail in every way, clocks that jump. An oracle that
 * knows the truth says at each step which promises were seen to hold.
 */
final class World implements AutoCloseable {
    private static final int PROMISED_SERVERS = 2;

    private final Seeds seeds;
    private final VirtualTime time = VirtualTime.at("2026-11-23T00:00:00Z");
    private final Duration age;
    private final List<RandomTarget> targets = new ArrayList<>();
    private final Continuity continuity;
    private final List<Object> story = new ArrayList<>();
    private final Map<String, Integer> met = new HashMap<>();

    /** What is built wrong on purpose, so that the harness shows that it would notice. */
    record Planted(UnaryOperator<Duration> age, ReportReader reader) {
        static final Planted NOTHING = new Planted(UnaryOperator.identity(), (before, report) -> verdicts(report));
    }

    private record ClockStep(Duration by) {}

    /** How verdicts are read off a report. */
    @FunctionalInterface
    interface ReportReader {
        Map<String, Verdict> read(Map<String, Verdict> before, Report report);
    }

    World(Seeds seeds, Planted planted) {
        this.seeds = seeds;
        this.age = seeds.duration(Duration.ofMinutes(5)).plusSeconds(1);
        Clause synchronous = Clause.of("database", new SynchronousReplica(Factor.DATA_CENTRE))
                .evidenceAge(planted.age().apply(age));
        Clause inventory = Clause.of("database", new Inventory(Map.of("server", PROMISED_SERVERS)))
                .evidenceAge(planted.age().apply(age));
        Continuity.Builder builder = Continuity.of(Policy.of(synchronous, inventory))
                .estate(Estate.production("world"))
                .clock(time)
                .ticker(time)
                .executor(Runnable::run);
        int count = seeds.chance(20) ? 2 : 1;
        for (int i = 0; i < count; i++) {
            RandomTarget target = new RandomTarget("cluster" + i, seeds);
            targets.add(target);
            builder.protect("database", target);
        }
        continuity = builder.build();
    }

    /** Lives for a while and compares every report with the oracle. Returns how often each clause was called met. */
    Map<String, Integer> live(Planted planted) {
        Map<String, Verdict> verdicts = Map.of();
        int steps = seeds.between(3, 12);
        for (int step = 0; step < steps; step++) {
            change();
            if (seeds.chance(70)) {
                continuity.look();
                targets.forEach(target -> target.looked(time.nanos()));
                story.add(targets.stream().map(RandomTarget::said).toList());
            }
            pass();
            verdicts = planted.reader().read(verdicts, continuity.report());
            compare("database-synchronous-replica", verdicts, synchronousHolds());
            compare("database-inventory", verdicts, inventoryHolds());
        }
        return met;
    }

    private void change() {
        targets.forEach(target -> {
            if (seeds.chance(40)) {
                target.truth = Truth.random(seeds);
            }
            target.drawFaults();
        });
    }

    private void pass() {
        Duration by = seeds.chance(50) ? seeds.duration(age.dividedBy(3)) : seeds.duration(age.multipliedBy(2));
        time.advance(by);
        story.add(by);
        if (seeds.chance(15)) {
            Duration step = seeds.duration(Duration.ofHours(2)).minusHours(1);
            time.stepWallClock(step);
            story.add(new ClockStep(step));
        }
    }

    private boolean synchronousHolds() {
        long now = time.nanos();
        List<RandomTarget> clusters =
                targets.stream().filter(RandomTarget::replicates).toList();
        List<RandomTarget> settings =
                targets.stream().filter(RandomTarget::showsSettings).toList();
        return !clusters.isEmpty()
                && !settings.isEmpty()
                && clusters.stream().allMatch(each -> each.replicationSeenToHold(now, age))
                && (clusters.size() == 1 || clusters.stream().allMatch(RandomTarget::showsSettings))
                && settings.stream().allMatch(each -> each.settingsSeenToHold(now, age));
    }

    private boolean inventoryHolds() {
        long now = time.nanos();
        int seen = targets.stream().mapToInt(each -> each.serversSeen(now, age)).sum();
        int before = targets.stream().mapToInt(RandomTarget::mostServers).sum();
        return seen >= PROMISED_SERVERS && seen >= before;
    }

    private void compare(String clause, Map<String, Verdict> verdicts, boolean holds) {
        boolean called = verdicts.get(clause) == Verdict.MET;
        if (called && !holds) {
            throw new AssertionError(
                    "%s is called MET, but was not seen to hold within %s:%n%s".formatted(clause, age, story));
        }
        if (called) {
            met.merge(clause, 1, Integer::sum);
        }
    }

    static Map<String, Verdict> verdicts(Report report) {
        return report.findings().stream()
                .collect(java.util.stream.Collectors.toMap(
                        finding -> finding.clause().id(), finding -> finding.verdict()));
    }

    @Override
    public void close() {
        continuity.close();
    }
}
