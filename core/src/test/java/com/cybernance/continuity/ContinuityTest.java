package com.cybernance.continuity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.AutomaticFailover;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Inventory;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.Restorable;
import com.cybernance.continuity.policy.Rpo;
import com.cybernance.continuity.policy.SynchronousReplica;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.ClientProbe;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ContinuityTest {
    private static final Policy POLICY =
            Policy.of(Clause.of("db", new Inventory(Map.of("server", 1))).evidenceAge(Duration.ofMinutes(1)));
    private static final Duration SHORT = Duration.ofMillis(200);

    /** A target that shows one server, in whatever way the look is written. */
    private record Target(TargetId id, InventorySource look) implements BackupTarget {
        @Override
        public Optional<InventorySource> inventory() {
            return Optional.of(look);
        }
    }

    /** Clocks that are moved by hand, each for itself. */
    private static final class Hand {
        private Instant wall = Instant.parse("2026-11-23T12:00:00Z");
        private long nanos;
    }

    private static Target good(String id) {
        return new Target(TargetId.of(id), (deadline, sink) -> server(id, sink));
    }

    private static void server(String id, Sink<InventoryItem> sink) {
        sink.found(new InventoryItem(TargetId.of(id).member("one"), "server", "a server"));
        sink.complete("server");
    }

    private static Continuity bound(BackupTarget... targets) {
        Continuity.Builder builder =
                Continuity.of(POLICY).estate(Estate.rehearsal("test")).lookWithin(SHORT);
        for (BackupTarget target : targets) {
            builder.protect("db", target);
        }
        return builder.build();
    }

    private static Finding only(Report report) {
        return report.findings().get(0);
    }

    @Test
    void report_beforeAnyLook_isUnknown_andSaysWhatToCall() {
        try (Continuity continuity = bound(good("db"))) {
            Finding finding = only(continuity.report());

            assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void check_looksAndJudges() {
        try (Continuity continuity = bound(good("db"))) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.MET);
        }
    }

    @Test
    void build_doesNotLook_evenWhenEverythingIsDown() {
        AtomicInteger looks = new AtomicInteger();
        Target down = new Target(TargetId.of("db"), (deadline, sink) -> {
            looks.incrementAndGet();
            throw new ContinuityException(FailureKind.UNREACHABLE, "connection refused", "start it");
        });

        try (Continuity continuity = bound(down)) {
            assertThat(looks).hasValue(0);

            Finding finding = only(continuity.check());
            assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(finding.reason()).contains("no target of 'db' enumerates every server");
        }
    }

    @Test
    void build_namesEveryMistakeAtOnce() {
        Continuity.Builder builder = Continuity.of(POLICY)
                .protect("database", good("a"))
                .protect("db", good("b"))
                .protect("db", good("b"))
                .lookWithin(Duration.ZERO);

        assertThatThrownBy(builder::build)
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("no clause is about 'database', only about [db]")
                .hasMessageContaining("two targets have the id 'b'")
                .hasMessageContaining("lookWithin is PT0S");
    }

    @Test
    void build_ofAPolicyWithScaledPeriods_isForARehearsalAlone() {
        Policy scaled = Policy.of(Clause.of("db", Rpo.ofMinutes(5))).scaled(60);

        assertThatThrownBy(() -> Continuity.of(scaled).protect("db", good("a")).build())
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("its periods are divided by 60, which holds in a rehearsal alone");
        Continuity.of(scaled)
                .estate(Estate.rehearsal("test"))
                .protect("db", good("a"))
                .build()
                .close();
    }

    @Test
    void drills_areReadAtEachLook_andALogThatCannotBeReadIsUnknownAndNoFailure() {
        AtomicBoolean mended = new AtomicBoolean();
        Supplier<List<DrillRecord>> log = () -> {
            if (mended.get()) {
                return List.of();
            }
            throw new ContinuityException(FailureKind.CORRUPT, "record 3 is not what was written", "restore the state");
        };
        try (Continuity continuity = Continuity.of(Policy.of(Clause.of("db", new Restorable(Duration.ofDays(30)))))
                .estate(Estate.rehearsal("test"))
                .protect("db", good("db"))
                .drills(log)
                .build()) {
            assertThat(only(continuity.report()).reason()).contains("was not read yet");

            Finding unread = only(continuity.check());
            assertThat(unread.verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(unread.reason()).contains("record 3 is not what was written");

            mended.set(true);
            assertThat(only(continuity.check()).reason()).isEqualTo("no drill was ever run");
        }
    }

    @Test
    void look_thatHangs_isContainedToItsTarget_andNotAskedAgainWhileItHangs() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Target hanging = new Target(TargetId.of("hanging"), (deadline, sink) -> {
            looks.incrementAndGet();
            awaitDeaf(release);
        });

        try (Continuity continuity = bound(hanging, good("good"))) {
            Report first = continuity.check();
            assertThat(only(first).verdict()).isEqualTo(Verdict.MET);
            assertThat(only(first).evidence()).hasSize(2);

            continuity.check();
            assertThat(looks).hasValue(1);
        } finally {
            release.countDown();
        }
    }

    private static void awaitDeaf(CountDownLatch release) {
        boolean released = false;
        while (!released) {
            try {
                released = release.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException ignored) {
                // A provider that is deaf to interruption is what this is about.
                released = false;
            }
        }
    }

    @Test
    void look_thatThrowsAnError_isContained_andItsMessageIsNotTold() {
        Target broken = new Target(TargetId.of("db"), (deadline, sink) -> {
            throw new LinkageError("password=hunter2");
        });

        try (Continuity continuity = bound(broken)) {
            Report report = continuity.check();

            assertThat(only(report).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a provider that was compiled without the checks
    void facetMethodsThatReturnNullOrThrow_areContained() {
        BackupTarget nulls = new BackupTarget() {
            @Override
            public TargetId id() {
                return TargetId.of("nulls");
            }

            @Override
            public Optional<InventorySource> inventory() {
                return null;
            }
        };
        BackupTarget throwing = new BackupTarget() {
            @Override
            public TargetId id() {
                return TargetId.of("throwing");
            }

            @Override
            public Optional<InventorySource> inventory() {
                throw new StackOverflowError();
            }
        };

        try (Continuity continuity = bound(nulls, throwing)) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void factsOfAnotherTarget_spoilTheLook() {
        Target mixedUp = new Target(TargetId.of("db"), (deadline, sink) -> server("other", sink));

        try (Continuity continuity = bound(mixedUp)) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void executorThatRefuses_isUnknown_notAFailure() {
        Continuity.Builder builder = Continuity.of(POLICY)
                .protect("db", good("db"))
                .executor(look -> {
                    throw new RejectedExecutionException("full");
                });

        try (Continuity continuity = builder.build()) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void executorThatNeverStartsTheLook_doesNotBlockTheNextOne() {
        AtomicReference<Runnable> parked = new AtomicReference<>();
        Continuity.Builder builder = Continuity.of(POLICY)
                .protect("db", good("db"))
                .lookWithin(SHORT)
                .executor(look -> {
                    if (!parked.compareAndSet(null, look)) {
                        look.run();
                    }
                });

        try (Continuity continuity = builder.build()) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.MET);
        }
    }

    @Test
    void interruptedCaller_getsAnException_andKeepsTheFlag() {
        CountDownLatch release = new CountDownLatch(1);
        Target hanging = new Target(TargetId.of("db"), (deadline, sink) -> release.await());

        try (Continuity continuity = bound(hanging)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(continuity::look)
                    .isInstanceOfSatisfying(ContinuityException.class, thrown -> assertThat(thrown.kind())
                            .isEqualTo(FailureKind.INTERRUPTED));
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            release.countDown();
        }
    }

    @Test
    void close_leavesTheEmbeddersExecutorRunning_andEndsLooking() {
        ExecutorService mine = Executors.newSingleThreadExecutor();
        try {
            Continuity continuity = Continuity.of(POLICY)
                    .protect("db", good("db"))
                    .executor(mine)
                    .build();
            continuity.check();
            continuity.close();

            assertThat(mine.isShutdown()).isFalse();
            assertThatThrownBy(continuity::look).hasMessageContaining("this instance is closed");
        } finally {
            mine.shutdownNow();
        }
    }

    @Test
    void close_returnsWithinABound_whileAProviderHangs() {
        CountDownLatch release = new CountDownLatch(1);
        Target hanging = new Target(TargetId.of("db"), (deadline, sink) -> awaitDeaf(release));
        Continuity continuity = bound(hanging);
        continuity.check();

        try {
            assertTimeoutPreemptively(Duration.ofSeconds(20), continuity::close);
        } finally {
            release.countDown();
        }
    }

    @Test
    void evidence_agesOnTheTicker_whenTheWallClockIsSetBack() {
        Hand hand = new Hand();
        Continuity.Builder builder = Continuity.of(POLICY)
                .protect("db", good("db"))
                .executor(Runnable::run)
                .clock(() -> hand.wall)
                .ticker(() -> hand.nanos);

        try (Continuity continuity = builder.build()) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.MET);

            hand.wall = hand.wall.minus(Duration.ofHours(1));
            hand.nanos = Duration.ofMinutes(1).toNanos();
            assertThat(only(continuity.report()).verdict()).isEqualTo(Verdict.MET);

            hand.nanos++;
            assertThat(only(continuity.report()).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void evidence_agesOnTheWallClock_whenTheTickerSlept() {
        Hand hand = new Hand();
        Continuity.Builder builder = Continuity.of(POLICY)
                .protect("db", good("db"))
                .executor(Runnable::run)
                .clock(() -> hand.wall)
                .ticker(() -> hand.nanos);

        try (Continuity continuity = builder.build()) {
            continuity.check();
            hand.wall = hand.wall.plus(Duration.ofSeconds(61));

            assertThat(only(continuity.report()).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void twoInstances_withDifferentPolicies_liveSideBySide() {
        Policy three = Policy.of(Clause.of("db", new Inventory(Map.of("server", 3))));

        try (Continuity one = bound(good("db"));
                Continuity other =
                        Continuity.of(three).protect("db", good("db")).build()) {
            assertThat(only(one.check()).verdict()).isEqualTo(Verdict.MET);
            assertThat(only(other.check()).verdict()).isEqualTo(Verdict.BREACHED);
        }
    }

    private static final Policy SYNCHRONOUS = Policy.of(Clause.of("db", new SynchronousReplica(Factor.DATA_CENTRE)));

    /** A healthy cluster whose looks can be spoiled. */
    private static class Cluster implements BackupTarget {
        private static final TargetId ID = TargetId.of("cluster");

        void lookAtSettings(Sink<Setting> sink) throws Exception {
            sink.found(setting(Setting.Effect.KEEPS));
            sink.complete("durability");
        }

        void lookAtServers(Sink<ReplicaState> sink) throws Exception {
            servers(ReplicaState.Mode.SYNCHRONOUS, sink);
        }

        static Setting setting(Setting.Effect effect) {
            return new Setting(ID.member("primary"), Setting.Kind.DURABILITY, "fsync", "seen", "on", effect);
        }

        static void servers(ReplicaState.Mode mode, Sink<ReplicaState> sink) {
            sink.found(server("primary", ReplicaState.Role.PRIMARY, ReplicaState.Mode.PRIMARY, "north"));
            sink.found(server("standby", ReplicaState.Role.REPLICA, mode, "south"));
            sink.complete(Sink.ALL);
        }

        private static ReplicaState server(String name, ReplicaState.Role role, ReplicaState.Mode mode, String centre) {
            Place place = Place.declared(Factor.DATA_CENTRE, centre, "the test");
            return new ReplicaState(
                    ID.member(name),
                    role,
                    mode,
                    0,
                    ReplicaState.Link.CURRENT,
                    place,
                    Lag.UNKNOWN,
                    Lag.UNKNOWN,
                    Lag.UNKNOWN,
                    "");
        }

        @Override
        public TargetId id() {
            return ID;
        }

        @Override
        public Optional<SettingSource> settings() {
            return Optional.of((deadline, sink) -> lookAtSettings(sink));
        }

        @Override
        public Optional<ReplicationSource> replication() {
            return Optional.of((deadline, sink) -> lookAtServers(sink));
        }
    }

    @Test
    void weakSettingThatWasSeenBeforeTheLookFailed_isNotForgotten() {
        AtomicInteger looks = new AtomicInteger();
        Cluster cluster = new Cluster() {
            @Override
            void lookAtSettings(Sink<Setting> sink) throws Exception {
                if (looks.getAndIncrement() == 0) {
                    super.lookAtSettings(sink);
                    return;
                }
                sink.found(setting(Setting.Effect.WEAKENS));
                throw new ContinuityException(FailureKind.UNREACHABLE, "the second server is down", "start it");
            }
        };

        try (Continuity continuity =
                Continuity.of(SYNCHRONOUS).protect("db", cluster).build()) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.MET);
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.BREACHED);
        }
    }

    @Test
    void checkRightAfterACheck_isNotGivenTheAnswerOfTheOneBefore() {
        AtomicInteger looks = new AtomicInteger();
        Cluster cluster = new Cluster() {
            @Override
            void lookAtSettings(Sink<Setting> sink) throws Exception {
                looks.incrementAndGet();
                super.lookAtSettings(sink);
            }
        };

        try (Continuity continuity =
                Continuity.of(SYNCHRONOUS).protect("db", cluster).build()) {
            for (int check = 1; check <= 2_000; check++) {
                continuity.check();
                assertThat(looks).hasValue(check);
            }
        }
    }

    @Test
    void secondCallerDuringALook_doesNotDiscardItsAnswer() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Cluster cluster = new Cluster() {
            @Override
            void lookAtServers(Sink<ReplicaState> sink) throws Exception {
                if (looks.getAndIncrement() == 0) {
                    super.lookAtServers(sink);
                    return;
                }
                begun.countDown();
                goOn.await();
                servers(ReplicaState.Mode.ASYNCHRONOUS, sink);
            }
        };

        try (Continuity continuity =
                Continuity.of(SYNCHRONOUS).protect("db", cluster).build()) {
            assertThat(only(continuity.check()).verdict()).isEqualTo(Verdict.MET);

            Thread first = new Thread(continuity::look);
            first.start();
            begun.await();
            Thread second = new Thread(continuity::look);
            second.start();
            goOn.countDown();
            first.join();
            second.join();

            assertThat(only(continuity.report()).verdict()).isEqualTo(Verdict.BREACHED);
        }
    }

    @Test
    void providerThatNeverStopsReporting_isCutOff() {
        AtomicInteger reported = new AtomicInteger();
        Target endless = new Target(TargetId.of("db"), (deadline, sink) -> {
            while (reported.incrementAndGet() > 0) {
                sink.found(new InventoryItem(TargetId.of("db").member("s" + reported), "server", "one more"));
            }
        });
        Continuity.Builder builder = Continuity.of(POLICY).protect("db", endless);

        try (Continuity continuity = builder.build()) {
            Report report = continuity.check();

            assertThat(only(report).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(reported.get()).isLessThan(1_000_000);
        }
    }

    @Test
    void clientThatWasTurnedAwayOnce_isNotDownForTheTimeThatNobodyLooked() {
        Hand hand = new Hand();
        BackupTarget down = new BackupTarget() {
            @Override
            public TargetId id() {
                return TargetId.of("db");
            }

            @Override
            public Optional<ClientProbe> clientProbe() {
                return Optional.of((deadline, sink) -> {
                    sink.found(new ClientOutcome(
                            id().member("route"),
                            ClientOutcome.Result.NO_CONNECTION,
                            Optional.empty(),
                            Optional.empty(),
                            "connection refused"));
                    sink.complete(Sink.ALL);
                });
            }
        };
        Policy failover = Policy.of(
                Clause.of("db", new AutomaticFailover(Duration.ofSeconds(30))).evidenceAge(Duration.ofHours(2)));
        Continuity.Builder builder = Continuity.of(failover)
                .protect("db", down)
                .executor(Runnable::run)
                .clock(() -> hand.wall)
                .ticker(() -> hand.nanos);

        try (Continuity continuity = builder.build()) {
            continuity.look();
            hand.wall = hand.wall.plus(Duration.ofHours(1));
            hand.nanos = Duration.ofHours(1).toNanos();
            assertThat(only(continuity.report()).verdict()).isEqualTo(Verdict.UNKNOWN);

            continuity.look();
            assertThat(only(continuity.report()).verdict()).isEqualTo(Verdict.BREACHED);
        }
    }
}
