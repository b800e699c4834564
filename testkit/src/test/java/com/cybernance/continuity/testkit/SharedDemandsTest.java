package com.cybernance.continuity.testkit;

import static com.cybernance.continuity.facts.FailureKind.DENIED;
import static com.cybernance.continuity.facts.FailureKind.UNEXPECTED;
import static com.cybernance.continuity.testkit.QuietTarget.ASKED;
import static com.cybernance.continuity.testkit.QuietTarget.ID;
import static com.cybernance.continuity.testkit.QuietTarget.NIGHT;
import static com.cybernance.continuity.testkit.QuietTarget.POINT;
import static com.cybernance.continuity.testkit.QuietTarget.point;
import static com.cybernance.continuity.testkit.Suites.REACTION;
import static com.cybernance.continuity.testkit.Suites.target;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.Sink;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each demand that all suites share catches a provider that breaks it, and says what is wrong. */
class SharedDemandsTest {
    private static final String STABLE = "target_keepsItsIdAndItsFacet";
    private static final String FINDS = "look_findsWhatIsThere";
    private static final String OWN = "look_reportsOnlyMembersOfItsOwnTarget";
    private static final String NO_NULLS = "look_reportsNoNulls";
    private static final String ONCE = "look_reportsEachFactOnce";
    private static final String LAST = "look_completesAScopeOnceAndLast";
    private static final String NOT_OPEN = "look_leavesNoScopeOpenInSilence";
    private static final String ASKS = "look_recordsWhomItAsked";
    private static final String SINK = "look_usesTheSinkOnItsOwnThreadAndNotAfterwards";
    private static final String DEADLINE = "look_endsWithinItsDeadline";
    private static final String INTERRUPTED = "look_whenInterrupted_endsAndDoesNotPassForWhole";
    private static final String AGREES = "look_twiceInARow_agrees";
    private static final String BROKEN = "look_atABrokenSource_isBlindOrFails";
    private static final String SILENT = "look_atASilentSource_endsAllTheSame";

    @TestFactory
    Stream<DynamicTest> suite_overAPlantedProvider_failsTheDemandThatItBreaks() {
        return planted().map(Planted::test);
    }

    @Test
    void everySharedDemand_hasAProviderThatBreaksIt() {
        assertThat(planted().map(Planted::demand))
                .containsAll(Suites.demands(SourceContract.class.getMethods())
                        .map(Method::getName)
                        .toList());
    }

    private static Stream<Planted> planted() {
        return Stream.of(identity(), content(), scopes(), observations(), threads(), time(), agreement(), broken())
                .flatMap(List::stream);
    }

    private static List<Planted> identity() {
        AtomicInteger count = new AtomicInteger();
        BackupTarget drifting = new BackupTarget() {
            @Override
            public TargetId id() {
                return TargetId.of("drifting-" + count.incrementAndGet());
            }
        };
        return List.of(
                by("another id each time", STABLE, "the target's id", drifting),
                by(
                        "a new facet each time",
                        STABLE,
                        "the same object",
                        fromMethod(() -> Optional.of((d, sink) -> count.get()))),
                by("no facet", STABLE, "the facet RestorePointSource", fromMethod(Optional::empty)),
                in("another target's facts", OWN, ID.value(), Fault.reportFor(TargetId.of("other"))));
    }

    private static List<Planted> content() {
        return List.of(
                in("sees nothing, completely", FINDS, "facts found", Fault.seeNothing()),
                in("blind", FINDS, "facts found", Fault.blind(DENIED)),
                in("fails", FINDS, "connection reset", Fault.fail()),
                in("fills the stack", FINDS, "StackOverflowError", Fault.overflowTheStack()),
                in("misses a class", FINDS, "com/example/Driver", Fault.missAClass()),
                in("reports a null", NO_NULLS, "found was called with a null", Fault.reportNull()),
                in("the same fact twice", ONCE, "this fact comes once", (real, deadline, sink) -> {
                    sink.found(POINT);
                    real.look(deadline, sink);
                }));
    }

    private static List<Planted> scopes() {
        return List.of(
                in("completes twice", LAST, "completed scopes", Fault.completeTwice()),
                in("completes too early", LAST, "before this fact", (real, deadline, sink) -> {
                    real.look(deadline, sink);
                    sink.found(point("late", NIGHT));
                }),
                in("complete and blind", LAST, "complete as well", (real, deadline, sink) -> {
                    real.look(deadline, sink);
                    sink.blind(Sink.ALL, DENIED, "saw half of it. Hint: grant more");
                }),
                in("a scope without a name", LAST, "RestorePointSource", (real, deadline, sink) -> {
                    real.look(deadline, sink);
                    sink.complete(" ");
                }),
                in("stops halfway", NOT_OPEN, "completed scopes", Fault.stopHalfway()),
                in("says nothing after the last facts", NOT_OPEN, "this fact", (real, deadline, sink) -> {
                    sink.complete("the first disk");
                    sink.found(POINT);
                }),
                in("blind without a word", NOT_OPEN, "a blind scope says", (real, deadline, sink) -> {
                    sink.blind("the disk", DENIED, " ");
                }));
    }

    private static List<Planted> observations() {
        return List.of(
                in("asks nobody", ASKS, "observations", (real, deadline, sink) -> {
                    sink.found(POINT);
                    sink.complete(Sink.ALL);
                }),
                in("nobody asks", ASKS, "who asked", asking("", ASKED.digest())),
                in("no digest", ASKS, "SHA-256", asking("me", "none")));
    }

    private static List<Planted> threads() {
        AtomicReference<Sink<RestorePoint>> kept = new AtomicReference<>();
        return List.of(
                in("another thread", SINK, "another thread", (real, deadline, sink) -> {
                    Thread helper = new Thread(() -> sink.found(POINT));
                    helper.start();
                    helper.join();
                }),
                in("a thread that stays behind", SINK, "had ended", (real, deadline, sink) -> {
                    Thread looking = Thread.currentThread();
                    new Thread(() -> reportAfter(looking, sink)).start();
                }),
                in("the sink of the last look", SINK, "had ended", (real, deadline, sink) -> {
                    Sink<RestorePoint> old = kept.getAndSet(sink);
                    if (old != null) {
                        old.found(POINT);
                    }
                }));
    }

    private static List<Planted> time() {
        return List.of(
                in(
                        "looks on when the time is up",
                        DEADLINE,
                        "whose time is up",
                        Fault.hangDeaf(REACTION.multipliedBy(3))),
                in("deaf", INTERRUPTED, "an interrupted look ends", Fault.hangDeaf(REACTION.multipliedBy(3))),
                in("cut short, said to be whole", INTERRUPTED, "nor was blind", (real, deadline, sink) -> {
                    sink.found(POINT);
                    if (!Thread.interrupted()) {
                        sink.found(point("two", NIGHT));
                    }
                    sink.complete(Sink.ALL);
                }),
                silent("deaf to the deadline", "at its deadline", Fault.hang()),
                silent(
                        "deaf to an interruption",
                        "when interrupted",
                        (real, deadline, sink) -> RealTime.waitDeaf(deadline.remaining())),
                silent("silence taken for absence", "never answered", (real, deadline, sink) -> {
                    awaitNothing(deadline);
                    sink.complete(Sink.ALL);
                }));
    }

    private static List<Planted> agreement() {
        AtomicInteger count = new AtomicInteger();
        return List.of(
                in(
                        "new ids each time",
                        AGREES,
                        "the second look saw",
                        Fault.lie(real -> point("point " + count.incrementAndGet(), NIGHT))),
                in("other scopes each time", AGREES, "the second look completed", (real, deadline, sink) -> {
                    sink.found(POINT);
                    sink.complete("disk " + count.incrementAndGet());
                }));
    }

    private static List<Planted> broken() {
        return List.of(
                broken("an error turned into absent", "blind or fails", (real, deadline, sink) -> {
                    sink.asked(ASKED);
                    sink.complete(Sink.ALL);
                }),
                broken("an error swallowed", "blind or fails", (real, deadline, sink) -> {}),
                broken("an error of no kind", "ContinuityException", Fault.fail()),
                broken("blind in no kind", "the kinds of blindness", Fault.blind(UNEXPECTED)),
                broken("blind and complete all the same", "nothing in them", (real, deadline, sink) -> {
                    sink.blind("the disk", DENIED, "may not read it. Hint: grant it");
                    sink.complete(Sink.ALL);
                }),
                broken("hangs", "cannot answer ends", Fault.hangDeaf(REACTION.multipliedBy(30))));
    }

    private static Planted in(String sin, String demand, String says, Fault<RestorePoint> fault) {
        return Planted.in(Facet.RESTORE_POINTS, sin, demand, says, fault);
    }

    private static Planted by(String sin, String demand, String says, BackupTarget target) {
        return Planted.by(Facet.RESTORE_POINTS, sin, demand, says, target);
    }

    private static Planted broken(String sin, String says, Fault<RestorePoint> fault) {
        Optional<BackupTarget> broken = Optional.of(target(Facet.RESTORE_POINTS, fault));
        return new Planted(sin, BROKEN, says, new Suites.Points(new QuietTarget(), broken, Optional.empty()));
    }

    private static Planted silent(String sin, String says, Fault<RestorePoint> fault) {
        Optional<BackupTarget> silent = Optional.of(target(Facet.RESTORE_POINTS, fault));
        return new Planted(sin, SILENT, says, new Suites.Points(new QuietTarget(), Optional.empty(), silent));
    }

    private static BackupTarget fromMethod(Supplier<Optional<RestorePointSource>> facet) {
        return new BackupTarget() {
            @Override
            public TargetId id() {
                return ID;
            }

            @Override
            public Optional<RestorePointSource> restorePoints() {
                return facet.get();
            }
        };
    }

    private static Fault<RestorePoint> asking(String asker, String digest) {
        return (real, deadline, sink) -> {
            sink.asked(new Observation(asker, "localhost", "look", Optional.empty(), digest));
            sink.found(POINT);
            sink.complete(Sink.ALL);
        };
    }

    private static void reportAfter(Thread looking, Sink<RestorePoint> sink) {
        try {
            looking.join();
            sink.blind("the disk", FailureKind.DENIED, "too late. Hint: say it in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitNothing(Deadline deadline) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS))
                .isFalse();
    }
}
