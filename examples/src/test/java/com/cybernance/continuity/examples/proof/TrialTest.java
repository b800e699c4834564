package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.examples.proof.sabotage.Moves;
import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.SynchronousReplica;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The trial must tell a judge that sees from one that is blind. */
class TrialTest {
    private static final Clause COPY = clause("copy", "1.9");
    private static final Clause OTHER = clause("other", "1.10");

    /** A platform that is broken or not, and the verdicts that its judge would give. */
    private static final class Stage {
        private boolean broken;
        private Map<Clause, Verdict> whileBroken = Map.of(COPY, Verdict.BREACHED, OTHER, Verdict.UNKNOWN);
        private boolean repairable = true;
        private int onTheWay;
        private int repairs;

        Report look() {
            return new Report(
                    Estate.rehearsal("stage"),
                    "policy",
                    "digest",
                    Optional.empty(),
                    Instant.EPOCH,
                    List.of(finding(COPY, Verdict.MET), finding(OTHER, Verdict.UNKNOWN)),
                    List.of(),
                    List.of());
        }

        private Finding finding(Clause clause, Verdict verdict) {
            boolean early = broken && onTheWay-- > 0;
            Verdict now = early ? Verdict.UNKNOWN : broken ? whileBroken.getOrDefault(clause, verdict) : verdict;
            return new Finding(clause, now, "", List.of("so"), "", List.of(), Optional.empty(), Optional.empty());
        }

        Trial.Outcome tried(String... mustBreach) throws InterruptedException {
            return tried(breached(mustBreach), Optional.empty());
        }

        Trial.Outcome tried(Moves mustMove, Optional<Trial.Meanwhile> meanwhile) throws InterruptedException {
            Trial trial = new Trial(
                    this::look, new Rhythm(InstantSource.system()), Duration.ofMillis(1), Duration.ofMillis(50));
            return trial.of(sabotage(mustMove), trial.baseline(), meanwhile);
        }

        private Sabotage sabotage(Moves mustMove) {
            return new Sabotage() {
                @Override
                public String name() {
                    return "planted";
                }

                @Override
                public String description() {
                    return "planted by a test";
                }

                @Override
                public Moves mustMove() {
                    return mustMove;
                }

                @Override
                public Duration patience() {
                    return Duration.ofMillis(100);
                }

                @Override
                public void breakIt() {
                    broken = true;
                }

                @Override
                public void repair() {
                    repairs++;
                    broken = !repairable;
                }
            };
        }
    }

    @Test
    void trial_ofASabotageThatMovesWhatItLists_passes() throws Exception {
        Trial.Outcome outcome = new Stage().tried("1.9");

        assertThat(outcome.passed()).isTrue();
        assertThat(print(outcome)).contains("MET -> BREACHED", "because  so", "exactly what it lists");
    }

    @Test
    void trial_ofASabotageThatListsAWrongSentence_fails() throws Exception {
        Trial.Outcome outcome = new Stage().tried("1.10");

        assertThat(outcome.passed()).isFalse();
        assertThat(print(outcome))
                .contains(
                        "must move  BREACHED 1.10",
                        "moved      BREACHED 1.9",
                        "FAILED: 1.10 did not move; 1.9 moved and must not");
    }

    @Test
    void trial_ofASabotageThatListsTooFewOrTooMany_fails() throws Exception {
        Stage both = new Stage();
        both.whileBroken = Map.of(COPY, Verdict.BREACHED, OTHER, Verdict.BREACHED);

        assertThat(both.tried("1.9").passed()).isFalse();
        assertThat(new Stage().tried("1.9", "1.10").passed()).isFalse();
    }

    @Test
    void trial_whereASentenceMovesToAnotherVerdictThanListed_fails() throws Exception {
        Trial.Outcome outcome = new Stage().tried(new Moves(Map.of("1.9", "UNKNOWN")), Optional.empty());

        assertThat(outcome.passed()).isFalse();
        assertThat(print(outcome))
                .contains(
                        "must move  UNKNOWN 1.9",
                        "moved      BREACHED 1.9",
                        "FAILED: 1.9 became BREACHED, not UNKNOWN");
    }

    @Test
    void trial_whereTheVerdictsPassThroughOthersFirst_waitsForThoseThatAreListed() throws Exception {
        Stage slow = new Stage();
        slow.onTheWay = 5;

        Trial.Outcome outcome = slow.tried("1.9");

        assertThat(outcome.passed()).as(print(outcome)).isTrue();
    }

    @Test
    void trial_whereSomethingIsNotPossibleThatMustStillBe_repairsAndFails() throws Exception {
        Stage stage = new Stage();

        Trial.Outcome outcome = stage.tried(breached("1.9"), Optional.of(broken -> {
            throw new IllegalStateException("the other key does not open");
        }));

        assertThat(outcome.passed()).isFalse();
        assertThat(stage.repairs).isEqualTo(1);
        assertThat(print(outcome)).contains("the other key does not open", "moved what it lists, but FAILED");
    }

    @Test
    void trial_whereSomethingIsStillPossible_tellsWhat() throws Exception {
        Trial.Outcome outcome = new Stage().tried(breached("1.9"), Optional.of(broken -> "the other key opens"));

        assertThat(outcome.passed()).isTrue();
        assertThat(print(outcome)).contains("still      the other key opens");
    }

    @Test
    void trial_ofABlindJudge_fails() throws Exception {
        Stage blind = new Stage();
        blind.whileBroken = Map.of();

        Trial.Outcome outcome = blind.tried("1.9");

        assertThat(outcome.passed()).isFalse();
        assertThat(print(outcome)).contains("moved      no sentence", "FAILED: nothing moved");
    }

    @Test
    void trial_whereTheRepairBringsNothingBack_fails() throws Exception {
        Stage lasting = new Stage();
        lasting.repairable = false;

        Trial.Outcome outcome = lasting.tried("1.9");

        assertThat(outcome.movedExactly()).isTrue();
        assertThat(outcome.passed()).isFalse();
        assertThat(print(outcome)).contains("NOT back", "copy: MET -> BREACHED");
    }

    @Test
    void trial_whereBreakingFails_stillRepairsAndFails() throws Exception {
        Stage stage = new Stage();
        stage.whileBroken = Map.of();
        Trial trial =
                new Trial(stage::look, new Rhythm(InstantSource.system()), Duration.ofMillis(1), Duration.ofMillis(50));
        Sabotage whole = stage.sabotage(breached("1.9"));
        Trial.Outcome outcome = trial.of(
                new Sabotage() {
                    @Override
                    public String name() {
                        return whole.name();
                    }

                    @Override
                    public String description() {
                        return whole.description();
                    }

                    @Override
                    public Moves mustMove() {
                        return whole.mustMove();
                    }

                    @Override
                    public void breakIt() {
                        throw new IllegalStateException("no way in");
                    }

                    @Override
                    public void repair() throws Exception {
                        whole.repair();
                    }
                },
                trial.baseline(),
                Optional.empty());

        assertThat(outcome.passed()).isFalse();
        assertThat(stage.repairs).isEqualTo(1);
        assertThat(print(outcome)).contains("it could not be broken as it should be: no way in");
    }

    private static final DeclaredSet.Deviations NONE = new DeclaredSet.Deviations(List.of(), List.of());
    private static final Agreement NOTHING_LOST = new Agreement(3, new TreeSet<>());

    @Test
    void status_whereAnAcknowledgedCommitIsLost_isBreachedThoughEverySabotagePassed() throws Exception {
        List<Trial.Outcome> passed = List.of(new Stage().tried("1.9"));

        assertThat(SabotageRun.status(NONE, passed, NOTHING_LOST)).isEqualTo(ProofCommand.AS_DECLARED);
        assertThat(SabotageRun.status(NONE, passed, new Agreement(3, new TreeSet<>(List.of(2L)))))
                .isEqualTo(ProofCommand.BREACHED);
    }

    @Test
    void summary_whereAnAcknowledgedCommitIsLost_saysFailed() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new SabotageText(Terminal.plain(new PrintStream(out, true, StandardCharsets.UTF_8)))
                .summary(List.of(new Stage().tried("1.9")), new Agreement(3, new TreeSet<>(List.of(2L))));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("1 of them MISSING on the standby", "FAILED: a client was told of commits that are lost");
    }

    @Test
    void status_whereTheUnbrokenPlatformIsUnknown_isUnknownWhateverTheSabotagesDid() throws Exception {
        DeclaredSet.Deviations unknown =
                new DeclaredSet.Deviations(List.of(), List.of("copy is UNKNOWN, declared MET"));
        Stage blind = new Stage();
        blind.whileBroken = Map.of();
        List<Trial.Outcome> failed = List.of(blind.tried("1.9"));

        assertThat(SabotageRun.status(unknown, List.of(new Stage().tried("1.9")), NOTHING_LOST))
                .isEqualTo(ProofCommand.UNKNOWN);
        assertThat(SabotageRun.status(unknown, failed, NOTHING_LOST)).isEqualTo(ProofCommand.UNKNOWN);
        assertThat(SabotageRun.status(NONE, failed, NOTHING_LOST)).isEqualTo(ProofCommand.BREACHED);
    }

    @Test
    void status_whereTheUnbrokenPlatformIsBreached_isBreached() throws Exception {
        DeclaredSet.Deviations both = new DeclaredSet.Deviations(
                List.of("copy is BREACHED, declared MET"), List.of("other is UNKNOWN, declared MET"));

        assertThat(SabotageRun.status(both, List.of(new Stage().tried("1.9")), NOTHING_LOST))
                .isEqualTo(ProofCommand.BREACHED);
    }

    private static Moves breached(String... sentences) {
        return new Moves(Arrays.stream(sentences).collect(Collectors.toMap(each -> each, each -> "BREACHED")));
    }

    private static String print(Trial.Outcome outcome) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SabotageText(Terminal.plain(new PrintStream(out, true, StandardCharsets.UTF_8))).outcome(outcome);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Clause clause(String id, String sentence) {
        Clause one = Clause.of("db", new SynchronousReplica(Factor.DATA_CENTRE));
        return new Clause(
                id,
                List.of(sentence),
                one.subject(),
                one.objective(),
                one.promise(),
                one.evidenceAge(),
                one.severity(),
                one.runbook(),
                one.vendor(),
                one.basis(),
                one.controls());
    }
}
