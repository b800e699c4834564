package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Check;
import com.cybernance.continuity.facts.Comparison.Outcome;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Verifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreRunnerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private final TestTime time = new TestTime();
    private final MemoryStateStore store = new MemoryStateStore();

    @SuppressWarnings("NullAway.Init")
    private FolderWorld world;

    @BeforeEach
    void make() {
        world = FolderWorld.make(temporary, 3);
    }

    /** The folder's restorer, of which one step goes another way. */
    private static class Odd implements Restorer {
        private final FolderRestorer real;
        private final String step;
        private final Supplier<Progress> way;
        private int begins;

        Odd(FolderRestorer real, String step, Supplier<Progress> way) {
            this.real = real;
            this.step = step;
            this.way = way;
        }

        @Override
        public List<String> steps(RestoreRequest request) {
            return real.steps(request);
        }

        @Override
        public void begin(String run, RestoreRequest request, String which, Map<String, String> earlier) {
            begins += which.equals(step) ? 1 : 0;
            real.begin(run, request, which, earlier);
        }

        @Override
        public Progress poll(String run, RestoreRequest request, String which) {
            return which.equals(step) ? way.get() : real.poll(run, request, which);
        }

        @Override
        public void discard(String run, RestoreRequest request) {
            real.discard(run, request);
        }
    }

    private RestoreRunner runner() {
        FolderRestorer folder = world.restorer();
        return new RestoreRunner(store, folder, folder, time.timing());
    }

    private RestoreRunner runner(Restorer restorer) {
        return new RestoreRunner(store, restorer, world.restorer(), time.timing());
    }

    private Odd odd(Supplier<Progress> copy) {
        return new Odd(world.restorer(), "copy", copy);
    }

    private DrillRecord run(RestoreRunner runner) {
        return runner.run(world.plan(), world.approval());
    }

    private static ContinuityException thrown(Runnable call) {
        try {
            call.run();
        } catch (ContinuityException expected) {
            return expected;
        }
        throw new AssertionError("nothing was thrown");
    }

    @Test
    void run_restoresComparesAndMeasures() {
        DrillRecord drill = run(runner());

        assertThat(drill.passed()).isTrue();
        assertThat(drill.run()).isEqualTo(world.run()).matches("[a-z0-9][a-z0-9-]{0,63}");
        assertThat(drill.asked()).isEqualTo("2026-11-25T11:58:30Z");
        assertThat(drill.askedMoment()).contains(FolderWorld.NOW.minusSeconds(90));
        assertThat(drill.comparison().reached()).contains(FolderWorld.NOW.minusSeconds(90));
        assertThat(drill.rta().orElseThrow()).isPositive().isLessThan(Duration.ofMinutes(1));
        assertThat(DrillLog.read(store)).containsExactly(drill);
        assertThat(world.violations(store)).isEmpty();
    }

    @Test
    void run_withTheSameApproval_isTheSameRun_andActsOnce() {
        DrillRecord first = run(runner());
        List<String> acts = FolderRestorer.journal(world.journal());
        time.advance(Duration.ofHours(1));

        assertThat(run(runner())).isEqualTo(first);
        assertThat(runner().resume(world.run())).isEqualTo(first);
        assertThat(FolderRestorer.journal(world.journal())).isEqualTo(acts);
        assertThat(DrillLog.read(store)).hasSize(1);
    }

    @Test
    void rta_isMeasuredByTheTicker_whenTheClockIsSetBackMeanwhile() {
        Odd odd = odd(() -> {
            time.setWall(Duration.ofHours(-1));
            time.advance(Duration.ofSeconds(30));
            return Progress.done("copied", Map.of("did-copy", "yes"));
        });

        assertThat(run(runner(odd)).rta().orElseThrow()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
    }

    @Test
    void rta_overACrash_countsTheTimeBetween_andIsUnknownWhereTheClockWasSetBack() {
        for (int hours : new int[] {2, -2}) {
            MemoryStateStore own = new MemoryStateStore();
            Odd crashing = odd(() -> {
                throw new Cuts.Crash();
            });
            FolderRestorer folder = world.restorer();
            assertThatThrownBy(() ->
                            new RestoreRunner(own, crashing, folder, time.timing()).run(world.plan(), world.approval()))
                    .isInstanceOf(Cuts.Crash.class);
            time.setWall(Duration.ofHours(hours));

            Optional<Duration> rta = new RestoreRunner(own, folder, folder, time.timing())
                    .resume(world.run())
                    .rta();

            assertThat(rta.map(Duration::toHours)).isEqualTo(hours > 0 ? Optional.of(2L) : Optional.empty());
            runnerOver(own).discard(world.run());
        }
    }

    private RestoreRunner runnerOver(StateStore other) {
        return new RestoreRunner(other, world.restorer(), world.restorer(), time.timing());
    }

    @Test
    void stepThatFails_endsTheRunWithItsReason_andLeavesTheDestinationUntilItIsDiscarded() {
        DrillRecord drill = run(runner(odd(() -> Progress.failed(FailureKind.CORRUPT, "piece 7 has another digest"))));

        assertThat(drill.passed()).isFalse();
        assertThat(drill.failure()).contains("step 'copy' failed: piece 7 has another digest");
        assertThat(drill.rta()).isEmpty();
        assertThat(DrillLog.read(store)).containsExactly(drill);
        assertThat(runner().resume(world.run()))
                .as("a run that failed is not tried again")
                .isEqualTo(drill);
        assertThat(world.destination()).isDirectory();

        runner().discard(world.run());
        runner().discard(world.run());

        assertThat(world.destination()).doesNotExist();
        assertThat(FolderRestorer.journal(world.journal())).containsOnlyOnce("discard");
        assertThat(thrown(() -> runner().resume(world.run())))
                .hasMessageContaining("was discarded")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CONFLICT);
    }

    @Test
    void stepThatHangs_failsAtItsDeadline_sayingWhatWasLastHeard() {
        DrillRecord drill = run(runner(odd(() -> Progress.running("at 12 of 80 GB"))));

        assertThat(drill.failure()).contains("step 'copy' was not done within 6 h; last heard: at 12 of 80 GB");
    }

    @Test
    void run_failsAtItsOwnDeadline_howeverQuickEachStep() {
        Odd slow = odd(() -> {
            time.advance(Duration.ofHours(5));
            return Progress.done("copied", Map.of());
        });
        FolderRestorer folder = world.restorer();
        Timing limited = time.timing().limits(Duration.ofHours(6), Duration.ofHours(5));

        DrillRecord drill = new RestoreRunner(store, slow, folder, limited).run(world.plan(), world.approval());

        assertThat(drill.failure()).contains("no time was left for step 'start': 5 hours were allowed for all");
    }

    @Test
    void providerThatIsDownForAWhile_isWaitedFor() {
        int[] polls = {0};
        Odd flaky = odd(() -> {
            if (polls[0]++ < 100) {
                throw new ContinuityException(FailureKind.UNREACHABLE, "no route", "wait");
            }
            return Progress.done("copied", Map.of("did-copy", "yes"));
        });

        DrillRecord drill = run(runner(flaky));

        assertThat(drill.failure()).isEmpty();
        assertThat(polls[0]).isEqualTo(101);
    }

    @Test
    void workThatIsLostAgainAndAgain_isBegunAFewTimesOnly() {
        Odd losing = odd(Progress::absent);

        assertThat(run(runner(losing)).failure()).contains("step 'copy' was lost 5 times");
        assertThat(losing.begins).isEqualTo(5);
    }

    @Test
    void providerThatBreaksItsContract_endsTheRun_withoutItsWordsBeingTold() {
        Odd broken = odd(() -> {
            throw new IllegalStateException("password=hunter2");
        });

        assertThat(run(runner(broken)).failure().orElseThrow())
                .contains("step 'copy' failed: the provider threw java.lang.IllegalStateException")
                .doesNotContain("hunter2");
    }

    @Test
    void checkThatCouldNotRun_isNoPass_andAComparisonThatFailedIsAFailure() {
        Verifier blind = (run, request, results, deadline) ->
                new Comparison(Optional.empty(), "", List.of(new Check("pages", Outcome.COULD_NOT_RUN, "no amcheck")));
        DrillRecord drill =
                new RestoreRunner(store, world.restorer(), blind, time.timing()).run(world.plan(), world.approval());
        assertThat(drill.failure()).isEmpty();
        assertThat(drill.passed()).isFalse();

        MemoryStateStore other = new MemoryStateStore();
        Verifier failing = (run, request, results, deadline) -> {
            throw new ContinuityException(FailureKind.DENIED, "role x may not read", "grant it");
        };
        assertThat(new RestoreRunner(other, world.restorer(), failing, time.timing())
                        .run(world.plan(), world.approval())
                        .failure()
                        .orElseThrow())
                .contains("what was restored could not be compared: role x may not read");
    }

    @Test
    void approvalOfAnotherPlan_expiredOrFromTheFuture_letsNothingHappen() {
        Approval good = world.approval();
        for (Approval bad : List.of(
                new Approval("0".repeat(64), "Ada", good.givenAt(), good.expiresAt()),
                new Approval(good.plan(), "", good.givenAt(), good.expiresAt()),
                Approval.of(world.plan(), "Ada", FolderWorld.NOW.minusSeconds(60), Duration.ofSeconds(60)),
                Approval.of(world.plan(), "Ada", FolderWorld.NOW.plusSeconds(1), Duration.ofDays(1)))) {
            assertThat(thrown(() -> runner().run(world.plan(), bad)).kind()).isEqualTo(FailureKind.DENIED);
        }
        assertThat(store.names()).isEmpty();
        assertThat(world.destination()).doesNotExist();
        assertThat(FolderRestorer.journal(world.journal())).isEmpty();
    }

    @Test
    void runUnderWay_isResumedAfterItsApprovalExpired() {
        Approval brief = Approval.of(world.plan(), "Ada", FolderWorld.NOW, Duration.ofSeconds(60));
        Odd crashing = odd(() -> {
            throw new Cuts.Crash();
        });
        assertThatThrownBy(() -> runner(crashing).run(world.plan(), brief)).isInstanceOf(Cuts.Crash.class);
        time.advance(Duration.ofHours(1));

        assertThat(RunLog.unfinished(store)).containsExactly(RunLog.id(brief));
        assertThat(runner().resume(RunLog.id(brief)).passed()).isTrue();
        assertThat(RunLog.unfinished(store)).isEmpty();
    }

    @Test
    void runUnderWay_goesOnWhenAskedForAgain_afterItsApprovalExpired() {
        Approval brief = Approval.of(world.plan(), "Ada", FolderWorld.NOW, Duration.ofSeconds(60));
        Odd crashing = odd(() -> {
            throw new Cuts.Crash();
        });
        assertThatThrownBy(() -> runner(crashing).run(world.plan(), brief)).isInstanceOf(Cuts.Crash.class);
        time.advance(Duration.ofHours(1));

        DrillRecord first = runner().run(world.plan(), brief);

        assertThat(first.passed()).isTrue();
        assertThat(runner().run(world.plan(), brief)).isEqualTo(first);
    }

    @Test
    void approvalThatExpiresWhileTheRunWaitsForOthers_letsNothingHappen() {
        Approval brief = Approval.of(world.plan(), "Ada", FolderWorld.NOW, Duration.ofSeconds(5));
        StateStore.Writer busy = store.open("restores");
        TestTime[] waiting = {time};
        Timing slow = time.timing().clocks(time.timing().clock(), time.timing().ticker(), pause -> {
            waiting[0].advance(Duration.ofSeconds(6));
            busy.close();
        });
        FolderRestorer folder = world.restorer();

        assertThat(thrown(() -> new RestoreRunner(store, folder, folder, slow).run(world.plan(), brief)))
                .hasMessageContaining("it expired at");
        assertThat(FolderRestorer.journal(world.journal())).isEmpty();
        assertThat(RunLog.unfinished(store)).isEmpty();
    }

    @Test
    void restorerThatWouldNowDoOtherSteps_isNotLetAtIt() {
        Restorer newer = new Odd(world.restorer(), "copy", Progress::absent) {
            @Override
            public List<String> steps(RestoreRequest request) {
                return List.of("prepare", "wipe", "copy", "start");
            }
        };

        assertThat(thrown(() -> run(runner(newer))))
                .hasMessageContaining("has the steps [prepare, copy, start]")
                .hasMessageContaining("would now do [prepare, wipe, copy, start]");
        assertThat(store.names()).isEmpty();
    }

    @Test
    void runThatAnotherProcessIsAt_isLeftAlone() {
        Odd meddled = odd(() -> {
            assertThat(thrown(() -> runner().resume(world.run())).kind()).isEqualTo(FailureKind.CONFLICT);
            assertThat(thrown(() -> runner().discard(world.run())).kind()).isEqualTo(FailureKind.CONFLICT);
            return Progress.done("copied", Map.of("did-copy", "yes"));
        });

        assertThat(run(runner(meddled)).failure()).isEmpty();
    }

    @Test
    void interruption_leavesTheRunWhereItStands_andItIsResumed() {
        Odd interrupted = odd(() -> {
            Thread.currentThread().interrupt();
            return Progress.running("copying");
        });

        ContinuityException stopped = thrown(() -> run(runner(interrupted)));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped.kind()).isEqualTo(FailureKind.INTERRUPTED);
        assertThat(DrillLog.read(store)).isEmpty();
        assertThat(runner().resume(world.run()).passed()).isTrue();
    }

    @Test
    void runThatIsDiscardedBeforeItEnded_isOnRecordAsFailed() {
        Odd crashing = odd(() -> {
            throw new Cuts.Crash();
        });
        assertThatThrownBy(() -> run(runner(crashing))).isInstanceOf(Cuts.Crash.class);

        runner().discard(world.run());

        assertThat(DrillLog.read(store))
                .singleElement()
                .extracting(drill -> drill.failure().orElseThrow())
                .isEqualTo("it was given up before it ended");
        assertThat(world.destination()).doesNotExist();
    }

    @Test
    void recordsOfANewerRelease_areLeftAlone_andNothingIsDone() {
        store.records(DrillLog.STREAM).add("{\"format\":2}".getBytes(StandardCharsets.UTF_8));

        assertThat(thrown(() -> run(runner())))
                .hasMessageContaining(
                        "a drill record has format 2, this release knows up to 1 and leaves it untouched");
        assertThat(thrown(() -> DrillLog.read(store)).kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(store.names()).containsExactly(DrillLog.STREAM);

        store.records("restore-x").add("{\"format\":9}".getBytes(StandardCharsets.UTF_8));
        assertThat(thrown(() -> runner().resume("restore-x")).kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(thrown(() -> runner().discard("restore-x")).kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(store.records("restore-x")).hasSize(1);
    }

    @Test
    void runThatNobodyBegan_isNotFound_andLeavesNoTrace() {
        assertThat(thrown(() -> runner().resume("restore-nothing")))
                .hasMessageContaining("knows no restore 'restore-nothing'");
        assertThat(store.names()).isEmpty();
    }

    @Test
    void destinationThatIsNotEmpty_failsTheRun_andIsNotTouchedByDiscarding() throws Exception {
        Files.createDirectories(world.destination());
        Files.writeString(world.destination().resolve("precious"), "data");

        assertThat(run(runner()).failure().orElseThrow())
                .contains("step 'prepare' failed")
                .contains("is not empty");
        assertThat(world.destination().resolve("precious")).hasContent("data");
    }
}
