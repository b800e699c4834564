package com.cybernance.continuity.testkit.honesty;

import com.cybernance.continuity.Continuity;
import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Continuous;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.Rpo;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A database that commits all the time, and vaults whose log stops, goes missing and comes back, in virtual time with
 * looks that fail. The oracle knows at each moment what a disaster would cost.
 */
final class PointWorld implements AutoCloseable, BackupTarget {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PERIOD = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(25);
    private static final Duration AGE = Duration.ofSeconds(45);

    private final Seeds seeds;
    private final VirtualTime time = VirtualTime.at("2026-11-23T00:00:00Z");
    private final Instant epoch = time.instant();
    private final long born = time.nanos();
    private final TargetId id = TargetId.of("cluster");
    private final List<TrueVault> vaults = new ArrayList<>();
    private final List<long[]> exposures = new ArrayList<>();
    private final Continuity continuity;
    private final List<Object> story = new ArrayList<>();
    private final Map<String, Integer> met = new HashMap<>();
    private Fault fault = Fault.NONE;
    private long firstAnswer = Long.MIN_VALUE;
    private long lastWhole = Long.MIN_VALUE;
    private long advanced = Long.MIN_VALUE;
    private long newestSeen = Long.MIN_VALUE;
    private long skew;
    private long worstSkew;
    private boolean wentMissing;
    private boolean lastIsWhole;
    private String brokenAtLastLook = "";

    private enum Fault {
        NONE,
        SILENCE,
        DENIED,
        ONE_HIDDEN,
        NEVER_COMPLETE
    }

    private record Look(Fault fault, long at, long exposed) {}

    /** @param age what is built wrong on purpose: how long evidence lives */
    PointWorld(Seeds seeds, UnaryOperator<Duration> age) {
        this.seeds = seeds;
        vaults.add(new TrueVault("east", true, seeds));
        if (seeds.chance(70)) {
            vaults.add(new TrueVault("west", true, seeds));
        }
        if (seeds.chance(30)) {
            vaults.add(new TrueVault("north", false, seeds));
        }
        Duration given = age.apply(AGE);
        continuity = Continuity.of(Policy.of(
                        Clause.of("db", new Rpo(LIMIT, 1, PERIOD, Set.of(Factor.DATA_CENTRE)))
                                .evidenceAge(given),
                        Clause.of("db", new Continuous(Optional.of(PAUSE), Set.of(Factor.DATA_CENTRE)))
                                .evidenceAge(given)))
                .estate(Estate.rehearsal("world"))
                .clock(time)
                .ticker(time)
                .executor(Runnable::run)
                .protect("db", this)
                .build();
    }

    Map<String, Integer> live() {
        int steps = seeds.between(20, 40);
        for (int step = 0; step < steps; step++) {
            if (seeds.chance(25)) {
                happen();
            }
            if (seeds.chance(85)) {
                fault = seeds.chance(85) ? Fault.NONE : seeds.pick(Fault.values());
                continuity.look();
                looked();
            }
            pass();
            for (Finding finding : continuity.report().findings()) {
                compare(finding);
            }
        }
        return met;
    }

    private long now() {
        return time.nanos() - born;
    }

    private void happen() {
        long before = newest();
        vaults.forEach(each -> each.happen(now(), seeds));
        vaults.forEach(each -> each.flow(now()));
        wentMissing |= newest() < before;
    }

    private void pass() {
        Duration by = seeds.chance(95) ? seeds.duration(Duration.ofSeconds(10)) : seeds.duration(PERIOD);
        time.advance(by);
        vaults.forEach(each -> each.flow(now()));
        exposures.add(new long[] {now(), exposure()});
        if (seeds.chance(2)) {
            Duration step = seeds.duration(Duration.ofMinutes(4)).minusMinutes(2);
            time.stepWallClock(step);
            skew += step.toNanos();
            worstSkew = Math.min(worstSkew, skew);
            story.add(step);
        }
    }

    private long newest() {
        return vaults.stream()
                .filter(TrueVault::counts)
                .mapToLong(TrueVault::reached)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private long exposure() {
        return newest() == Long.MIN_VALUE ? Long.MAX_VALUE / 2 : now() - newest();
    }

    /** Keeps what this look can have told. */
    private void looked() {
        story.add(new Look(fault, now(), exposure()));
        // Where the rest holds nothing, a hidden vault is all that there is to tell.
        boolean onlyHidden = fault == Fault.ONE_HIDDEN && shown().stream().allMatch(TrueVault::empty);
        if (fault == Fault.SILENCE || onlyHidden) {
            return;
        }
        lastIsWhole = fault == Fault.NONE;
        brokenAtLastLook = brokenPlace();
        if (fault == Fault.DENIED) {
            return;
        }
        firstAnswer = firstAnswer == Long.MIN_VALUE ? now() : firstAnswer;
        shown().forEach(TrueVault::shown);
        long seen = shown().stream()
                .filter(TrueVault::counts)
                .mapToLong(TrueVault::reached)
                .max()
                .orElse(Long.MIN_VALUE);
        if (seen > newestSeen) {
            advanced = newestSeen == Long.MIN_VALUE ? advanced : now();
            newestSeen = seen;
        }
        lastWhole = fault == Fault.NONE ? now() : lastWhole;
    }

    private List<TrueVault> shown() {
        return fault == Fault.ONE_HIDDEN ? vaults.subList(1, vaults.size()) : vaults;
    }

    private void compare(Finding finding) {
        if (finding.verdict() != Verdict.MET) {
            return;
        }
        boolean rpo = finding.clause().objective() instanceof Rpo;
        String wrong = rpo ? whyNotRpo() : whyNotContinuous();
        if (!wrong.isEmpty()) {
            throw new AssertionError("%s is called MET (%s), but %s:%n%s"
                    .formatted(finding.clause().id(), finding.reason(), wrong, story));
        }
        met.merge(finding.clause().id(), 1, Integer::sum);
    }

    private String whyNotRpo() {
        if (now() - firstAnswer < PERIOD.toNanos()) {
            return "it was looked at for " + (now() - firstAnswer) / SECOND + " s";
        }
        if (now() - advanced > AGE.toNanos()) {
            return "nothing newer was seen since " + advanced / SECOND;
        }
        // A clock that is behind shows less exposure than there is, and nobody here can know. What comes back between
        // two
        // looks nobody could miss.
        long most = LIMIT.toNanos() - worstSkew;
        Optional<long[]> beyond = exposures.stream()
                .filter(each -> now() - each[0] <= PERIOD.toNanos() && each[1] > most)
                .findFirst();
        return beyond.isPresent() && !wentMissing
                ? "at %d s a disaster would have cost %d s"
                        .formatted(beyond.get()[0] / SECOND, beyond.get()[1] / SECOND)
                : "";
    }

    private String whyNotContinuous() {
        if (!lastIsWhole || now() - lastWhole > AGE.toNanos()) {
            return "not everything was seen";
        }
        if (now() - advanced > AGE.toNanos()) {
            return "nothing newer was seen since " + advanced / SECOND;
        }
        return brokenAtLastLook;
    }

    /** Why the last look, had it been read rightly, cannot have shown a log without a gap; empty when it can. */
    private String brokenPlace() {
        for (TrueVault vault : vaults) {
            if (vault.counts() && vault.empty() && vault.everShown()) {
                return "a vault is empty that was not";
            }
            if (vault.counts() && !vault.empty() && !vault.whole(PAUSE.toNanos())) {
                return "a vault has a gap";
            }
        }
        long lagging = vaults.stream()
                .filter(each -> each.counts() && !each.empty())
                .mapToLong(TrueVault::reached)
                .min()
                .orElse(Long.MIN_VALUE);
        return lagging == Long.MIN_VALUE || now() - lagging > PAUSE.toNanos() - worstSkew
                ? "nothing reaches a vault"
                : "";
    }

    private void tell(Sink<RestorePoint> sink) {
        switch (fault) {
            case SILENCE -> throw new ContinuityException(FailureKind.UNREACHABLE, "no answer", "wait");
            case DENIED -> throw new ContinuityException(FailureKind.DENIED, "you may not look", "ask");
            default -> {
                for (TrueVault vault : seeds.shuffled(shown())) {
                    vault.points(id.member("orders"), epoch).forEach(sink::found);
                }
                if (fault == Fault.ONE_HIDDEN) {
                    sink.blind("a vault", FailureKind.UNREACHABLE, "it could not be listed");
                } else if (fault != Fault.NEVER_COMPLETE) {
                    sink.complete(Sink.ALL);
                }
            }
        }
    }

    @Override
    public TargetId id() {
        return id;
    }

    @Override
    public Optional<RestorePointSource> restorePoints() {
        return Optional.of((deadline, sink) -> tell(sink));
    }

    @Override
    public Optional<ReplicationSource> replication() {
        return Optional.of((deadline, sink) -> {
            sink.found(new ReplicaState(
                    id.member("primary"),
                    ReplicaState.Role.PRIMARY,
                    ReplicaState.Mode.PRIMARY,
                    0,
                    ReplicaState.Link.CURRENT,
                    Place.declared(Factor.DATA_CENTRE, "north", "the world"),
                    Lag.UNKNOWN,
                    Lag.UNKNOWN,
                    Lag.UNKNOWN,
                    "as it is"));
            sink.complete(Sink.ALL);
        });
    }

    @Override
    public void close() {
        continuity.close();
    }
}
