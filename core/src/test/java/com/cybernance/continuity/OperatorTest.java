package com.cybernance.continuity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Check;
import com.cybernance.continuity.facts.Comparison.Outcome;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.restore.Approval;
import com.cybernance.continuity.restore.DrillLog;
import com.cybernance.continuity.restore.RestoreGoal;
import com.cybernance.continuity.restore.RestorePlan;
import com.cybernance.continuity.restore.Timing;
import com.cybernance.continuity.restore.UnreachableException;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.Verifier;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.ForwardingVault;
import com.cybernance.continuity.vault.VaultCopier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTest {
    private static final ResourceId DATABASE = TargetId.of("pg").member("main");
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init")
    private StateStore store;

    private long nanos;
    private final List<String> acts = new ArrayList<>();

    @BeforeEach
    void open() {
        store = DirectoryStateStore.open(temporary.resolve("state"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Timing timing() {
        return Timing.system()
                .clocks(() -> NOW.plusNanos(nanos), () -> nanos, time -> nanos += time.toNanos())
                .limits(Duration.ofMinutes(1), Duration.ofMinutes(5));
    }

    /** A database with one restore point. */
    private static BackupTarget target(String id) {
        return new BackupTarget() {
            @Override
            public TargetId id() {
                return TargetId.of(id);
            }

            @Override
            public Optional<RestorePointSource> restorePoints() {
                return Optional.of((deadline, sink) -> {
                    sink.found(new RestorePoint(
                            "p1",
                            id().member("main"),
                            "l1",
                            NOW.minusSeconds(600),
                            NOW.minusSeconds(60),
                            List.of(new Copy(
                                    "offsite",
                                    Place.declared(Factor.HOST, "b", "test"),
                                    Copy.State.COMPLETE,
                                    NOW.minusSeconds(500))),
                            List.of()));
                    sink.complete(Sink.ALL);
                });
            }
        };
    }

    /** Restores at once and writes down what it was asked. */
    private final class Quick implements Restorer, Verifier, BackupTaker {
        private Progress answer = Progress.done("done", Map.of("backup", "b1", ANSWERS, "yes"));

        @Override
        public List<String> steps(RestoreRequest request) {
            return List.of("start");
        }

        @Override
        public void begin(String run, RestoreRequest request, String step, Map<String, String> earlier) {
            acts.add("begin " + step);
        }

        @Override
        public Progress poll(String run, RestoreRequest request, String step) {
            return answer;
        }

        @Override
        public void discard(String run, RestoreRequest request) {
            acts.add("discard");
        }

        @Override
        public Comparison compare(
                String run,
                RestoreRequest request,
                Map<String, String> results,
                com.cybernance.continuity.spi.Deadline deadline) {
            return new Comparison(request.to().moment(), "", List.of(new Check("all", Outcome.PASSED, "the same")));
        }

        @Override
        public void begin(String slot, Vault vault) {
            acts.add("backup " + slot + " into " + vault.name());
        }

        @Override
        public Progress poll(String slot, Vault vault) {
            return answer;
        }

        @Override
        public void discard(String slot, Vault vault) {
            acts.add("discard " + slot);
        }
    }

    /** Never touched. */
    private Vault vault(String name) {
        return DirectoryVault.at(name, temporary.resolve("none"));
    }

    private Operator operator(Quick quick) {
        return Operator.of(store)
                .protect("database", target("pg"))
                .restorer("database", quick)
                .verifier("database", quick)
                .backups("database", quick)
                .vault(vault("offsite"))
                .timing(timing())
                .build();
    }

    private static RestoreGoal goal(Instant moment) {
        return RestoreGoal.of(DATABASE, RecoverTo.moment(moment), "/restored");
    }

    @Test
    void planApproveRestore_leavesADrillOnRecord() {
        try (Operator operator = operator(new Quick())) {
            RestorePlan plan = operator.plan("database", goal(NOW.minusSeconds(90)));
            assertThat(acts).as("planning does nothing").isEmpty();

            var drill = operator.restore(plan, Approval.of(plan, "Ada", NOW, Duration.ofHours(1)));

            assertThat(drill.passed()).isTrue();
            assertThat(operator.resume(drill.run())).isEqualTo(drill);
            assertThat(operator.unfinished()).isEmpty();
            operator.discard(drill.run());
            assertThat(acts).containsExactly("begin start", "discard");
            assertThat(DrillLog.read(store)).containsExactly(drill);
        }
    }

    @Test
    void plan_refusesWhatCannotBeReached_andSubjectsThatItDoesNotKnow() {
        try (Operator operator = operator(new Quick())) {
            assertThatThrownBy(() -> operator.plan("database", goal(NOW)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("nearest reachable before: 2026-11-25T11:59:00Z");
            assertThatThrownBy(() -> operator.plan("datebase", goal(NOW)))
                    .hasMessageContaining("nothing restores 'datebase', only [database]");
            RestoreGoal elsewhere = RestoreGoal.of(TargetId.of("other").member("x"), RecoverTo.latest(), "/restored");
            assertThatThrownBy(() -> operator.plan("database", elsewhere)).hasMessageContaining("'other', only [pg]");
        }
    }

    @Test
    void takeBackup_waitsUntilItIsComplete_orSaysWhyNot() {
        Quick quick = new Quick();
        try (Operator operator = operator(quick)) {
            assertThat(operator.takeBackup("database", "2026-11-25", "offsite")).containsEntry("backup", "b1");
            assertThat(acts).containsExactly("backup 2026-11-25 into offsite");

            quick.answer = Progress.failed(FailureKind.DENIED, "no right to read");
            assertThatThrownBy(() -> operator.takeBackup("database", "s2", "offsite"))
                    .hasMessageContaining("backup s2 of 'database' into vault offsite failed: no right to read")
                    .extracting(thrown -> ((ContinuityException) thrown).kind())
                    .isEqualTo(FailureKind.DENIED);
            quick.answer = Progress.running("at 3 of 80 GB");
            assertThatThrownBy(() -> operator.takeBackup("database", "s3", "offsite"))
                    .hasMessageContaining("was not done within 1 min; last heard: at 3 of 80 GB")
                    .extracting(thrown -> ((ContinuityException) thrown).kind())
                    .isEqualTo(FailureKind.TIMED_OUT);
            assertThatThrownBy(() -> operator.takeBackup("database", "A/b", "offsite"))
                    .hasMessageContaining("a slot cannot be called 'A/b'");
            assertThatThrownBy(() -> operator.takeBackup("database", "s4", "local"))
                    .hasMessageContaining("nothing is a vault called 'local', only [offsite]");
        }
    }

    private static void put(Vault vault, String object) {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(object.repeat(10).getBytes(StandardCharsets.UTF_8));
            draft.commit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void copy_bringsSetsToAnotherVault_once_andNamesWhatItDoesNotKnow() {
        Vault onsite = DirectoryVault.initialize("onsite", temporary.resolve("onsite"));
        Vault offsite = DirectoryVault.initialize("offsite", temporary.resolve("offsite"));
        List.of("b/data", "b/backup.json", "log/1", "other").forEach(each -> put(onsite, each));
        try (Operator operator =
                Operator.of(store).vault(onsite).vault(offsite).timing(timing()).build()) {
            assertThat(operator.copy("onsite", "offsite", List.of("b/data", "b/backup.json")))
                    .isEqualTo(new VaultCopier.Copied(2, 190, 0, 0));
            assertThat(operator.copyAll("onsite", "offsite", "log/").objects()).isEqualTo(1);
            assertThat(offsite.find("other")).isEmpty();
            assertThat(operator.copyAll("onsite", "offsite", ""))
                    .extracting(VaultCopier.Copied::objects, VaultCopier.Copied::already)
                    .containsExactly(1, 3);
            assertThat(operator.copyAll("onsite", "offsite", "none/").objects()).isZero();

            assertThatThrownBy(() -> operator.copy("onsite", "of-site", List.of("other")))
                    .hasMessageContaining("nothing is a vault called 'of-site', only [offsite, onsite]");
            assertThatThrownBy(() -> operator.copyAll("onsite", "onsite", ""))
                    .hasMessageContaining("vault 'onsite' cannot be copied to itself");
        }
    }

    @Test
    void close_endsACopy_whichAnotherOperatorGoesOnWith() {
        DirectoryVault onsite = DirectoryVault.initialize("onsite", temporary.resolve("onsite"));
        DirectoryVault offsite = DirectoryVault.initialize("offsite", temporary.resolve("offsite"));
        List.of("a", "b", "c").forEach(each -> put(onsite, each));
        Operator[] open = new Operator[1];
        Vault closing = new ForwardingVault(onsite) {
            @Override
            public InputStream open(String object) {
                if (object.equals("b")) {
                    open[0].close();
                }
                return super.open(object);
            }
        };
        open[0] = Operator.of(store).vault(closing).vault(offsite).build();

        assertThatThrownBy(() -> open[0].copyAll("onsite", "offsite", ""))
                .hasMessageContaining("this operator is closed")
                .extracting(thrown -> ((ContinuityException) thrown).kind())
                .isEqualTo(FailureKind.INTERRUPTED);
        assertThat(offsite.find("a")).isPresent();
        assertThat(offsite.find("b")).isEmpty();
        try (Operator next = Operator.of(store).vault(onsite).vault(offsite).build()) {
            assertThat(next.copyAll("onsite", "offsite", "").objects()).isEqualTo(2);
        }
    }

    @Test
    void close_letsWhatWaitsGo_andRefusesMore() throws Exception {
        Quick quick = new Quick();
        quick.answer = Progress.running("for ever");
        Operator[] open = new Operator[1];
        Timing closing = timing().clocks(() -> NOW, () -> 0, time -> {
            if (acts.size() == 1) {
                acts.add("closed");
                open[0].close();
            }
        });
        open[0] = Operator.of(store)
                .backups("database", quick)
                .vault(vault("offsite"))
                .timing(closing)
                .build();

        assertThatThrownBy(() -> open[0].takeBackup("database", "s1", "offsite"))
                .hasMessageContaining("this operator is closed")
                .extracting(thrown -> ((ContinuityException) thrown).kind())
                .isEqualTo(FailureKind.INTERRUPTED);
        assertThatThrownBy(() -> open[0].takeBackup("database", "s1", "offsite"))
                .hasMessageContaining("this operator is closed");
        open[0].close();
    }

    @Test
    void build_namesEveryMistakeAtOnce() {
        Quick quick = new Quick();
        OperatorBuilder builder = Operator.of(store)
                .protect("a", target("pg"))
                .protect("b", target("pg"))
                .protect("b", () -> TargetId.of("blind"))
                .restorer("a", quick)
                .restorer("a", quick)
                .verifier("c", quick)
                .backups("a", quick)
                .lookWithin(Duration.ZERO);

        assertThatThrownBy(builder::build)
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("what restores 'a' is named twice")
                .hasMessageContaining("there is no vault for the backups of [a]")
                .hasMessageContaining("lookWithin is PT0S, not more than zero")
                .hasMessageContaining("'a' has no verifier")
                .hasMessageContaining("target 'pg' is bound to 'a' and to 'b'")
                .hasMessageContaining("target 'blind' of 'b' shows no restore points")
                .hasMessageContaining("'b' has no restorer")
                .hasMessageContaining("'c' has no target that shows its restore points");
        assertThatThrownBy(() -> Operator.of(store).build())
                .hasMessageContaining("nothing takes backups and nothing restores");
    }

    @Test
    void build_touchesNothing() {
        operator(new Quick()).close();

        assertThat(temporary.resolve("state")).doesNotExist();
        assertThat(acts).isEmpty();
    }
}
