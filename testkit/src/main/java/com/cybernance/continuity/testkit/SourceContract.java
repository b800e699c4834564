package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Source;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every seeing facet owes its caller. Extend the suite of the facet, for example {@link RestorePointContract}, hand
 * over a target, and run it as a JUnit test. A demand that fails says what was expected of the source.
 *
 * @param <T> the facts that are seen
 */
public abstract class SourceContract<T> {
    private static final Duration LATE_CALLS = Duration.ofMillis(100);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Facet<T> facet;

    SourceContract(Facet<T> facet) {
        this.facet = facet;
    }

    /**
     * A target that can see, whose source is quiet (it does not change while the suite runs) and holds at least one
     * fact. Called once for every demand; may return the same target each time.
     */
    protected abstract BackupTarget target();

    /**
     * The same provider, pointed at something that cannot answer: a closed port, a missing folder, a wrong password.
     * Empty only where nothing of the kind can be built; the demand on honesty is then not checked.
     */
    protected abstract Optional<BackupTarget> brokenTarget();

    /**
     * The same provider, pointed at something that takes the question and never answers. Where it is given, the demands
     * on the deadline and on interruption are checked in the middle of a look.
     */
    protected Optional<BackupTarget> silentTarget() {
        return Optional.empty();
    }

    /** How long a look at {@link #target()} may take. */
    protected Duration deadline() {
        return Duration.ofSeconds(10);
    }

    /** How long after its deadline or an interruption a look may still take to end. */
    protected Duration reaction() {
        return Duration.ofSeconds(2);
    }

    /** What no two facts of one look may share. */
    abstract Object identity(T fact);

    /** The part of a fact that stays the same while nothing happens at the source. */
    abstract Object essence(T fact);

    /** The scope that the fact belongs to, where the fact tells. */
    abstract Optional<String> scopeOf(T fact);

    /** Whether the facet knows a scope of this name. */
    abstract boolean isScope(String name);

    /** Whether a fact admits that the source could not be seen. */
    boolean admitsFailure(T fact) {
        return false;
    }

    /** The target keeps its id, and its facet method returns the same answer every time. */
    @Test
    public final void target_keepsItsIdAndItsFacet() {
        BackupTarget target = target();

        assertThat(target.id()).as("the target's id, asked again").isEqualTo(target.id());
        Optional<? extends Source<T>> first = facet.of(target);
        assertThat(first).as("the facet %s", facet).isNotNull().isPresent();
        assertThat(first.orElseThrow() == source(target))
                .as(
                        "the facet %s is the same object each time. Hint: keep it in a field, or implement it yourself",
                        facet)
                .isTrue();
    }

    /** A source that can be seen is seen: the look ends well, with a fact and a scope that is complete. */
    @Test
    public final void look_findsWhatIsThere() {
        Look<T> look = look();

        assertThat(look.facts()).as("facts found in a source that holds some").isNotEmpty();
        assertThat(look.complete())
                .as("scopes completed in a source that can be seen")
                .isNotEmpty();
    }

    /** Every fact is about a member of the target that the facet belongs to. */
    @Test
    public final void look_reportsOnlyMembersOfItsOwnTarget() {
        BackupTarget target = target();
        Look<T> look = lookAt(source(target));

        for (T fact : look.facts()) {
            assertThat(facet.memberOf(fact).target())
                    .as("the target that this fact is about: %s", fact)
                    .isEqualTo(target.id());
        }
    }

    /** Nothing is null: not a fact, not a scope, not a reason. */
    @Test
    public final void look_reportsNoNulls() {
        assertThat(look().improper().stream().filter(each -> each.contains("null")))
                .as("nulls given to the sink")
                .isEmpty();
    }

    /** No fact comes twice. */
    @Test
    public final void look_reportsEachFactOnce() {
        Set<Object> seen = new HashSet<>();

        for (T fact : look().facts()) {
            assertThat(seen.add(identity(fact)))
                    .as("this fact comes once: %s", fact)
                    .isTrue();
        }
    }

    /** A scope is completed once, after all of its facts, and is not blind in the same look. */
    @Test
    public final void look_completesAScopeOnceAndLast() {
        Look<T> look = look();

        assertThat(look.complete()).as("completed scopes").doesNotHaveDuplicates();
        assertThat(look.complete()).as("scopes that %s knows", facet).allMatch(this::isScope);
        assertThat(look.blind().stream().map(Look.Blind::scope))
                .as("blind scopes that are complete as well")
                .doesNotContainAnyElementsOf(look.complete());
        for (Look.Found<T> found : look.found()) {
            Set<String> itsScopes = Stream.concat(Stream.of(Sink.ALL), scopeOf(found.fact()).stream())
                    .collect(Collectors.toSet());
            assertThat(found.completeByThen())
                    .as("scopes that were complete before this fact came: %s", found.fact())
                    .doesNotContainAnyElementsOf(itsScopes);
        }
    }

    /** A scope that is not complete says why: a look that saw a part never just ends. */
    @Test
    public final void look_leavesNoScopeOpenInSilence() {
        Look<T> look = look();
        if (!look.blind().isEmpty()) {
            assertThat(look.blind())
                    .as("a blind scope says what and why")
                    .allMatch(each -> !each.scope().isBlank() && !each.why().isBlank());
            return;
        }

        assertThat(look.complete())
                .as("completed scopes of a look that was not blind")
                .isNotEmpty();
        for (Look.Found<T> found : look.found()) {
            boolean closedLater =
                    look.complete().size() > found.completeByThen().size();
            boolean closed =
                    scopeOf(found.fact()).map(look.complete()::contains).orElse(closedLater);
            assertThat(closed)
                    .as("the scope of this fact is complete or the look blind: %s", found.fact())
                    .isTrue();
        }
    }

    /** Every look that reached the outside says whom it asked what, with the digest of the answer. */
    @Test
    public final void look_recordsWhomItAsked() {
        Look<T> look = look();

        assertThat(look.asked()).as("observations").isNotEmpty();
        for (Observation asked : look.asked()) {
            assertThat(List.of(asked.asker(), asked.where(), asked.operation()))
                    .as("who asked, where and what: %s", asked)
                    .noneMatch(String::isBlank);
            assertThat(asked.digest())
                    .as("SHA-256 of the answer in lower-case hex")
                    .matches("[0-9a-f]{64}");
        }
    }

    /** The sink is used on the thread that looks, and left alone once the look has ended. */
    @Test
    public final void look_usesTheSinkOnItsOwnThreadAndNotAfterwards() {
        Source<T> source = source(target());
        Look<T> first = lookAt(source);
        first.awaitLateCalls(LATE_CALLS);
        Look<T> second = lookAt(source);
        second.awaitLateCalls(LATE_CALLS);

        assertThat(Stream.concat(first.improper().stream(), second.improper().stream())
                        .filter(each -> !each.contains("null")))
                .as("improper calls of the sink")
                .isEmpty();
    }

    /** A look ends within its deadline, also within one that is already over. */
    @Test
    public final void look_endsWithinItsDeadline() {
        Source<T> source = source(target());

        assertEnds(Look.at(source, deadline(), reaction()), "a look with %s to go".formatted(deadline()));
        assertEnds(Look.at(source, Duration.ZERO, reaction()), "a look whose time is up");
    }

    /** A look that is interrupted ends soon, and does not pass for whole when it is not. */
    @Test
    public final void look_whenInterrupted_endsAndDoesNotPassForWhole() {
        Source<T> source = source(target());
        Set<Object> whole = essence(lookAt(source));
        Look<T> cut = Look.interruptedAt(source, deadline(), reaction());

        assertEnds(cut, "an interrupted look");
        if (cut.thrown().isEmpty() && cut.blind().isEmpty()) {
            assertThat(essence(cut))
                    .as("what an interrupted look saw that neither failed nor was blind")
                    .isEqualTo(whole);
        }
    }

    /** Two looks in a row at a quiet source see the same and complete the same. */
    @Test
    public final void look_twiceInARow_agrees() {
        Source<T> source = source(target());
        Look<T> first = lookAt(source);
        Look<T> second = lookAt(source);

        assertThat(essence(second)).as("what the second look saw").isEqualTo(essence(first));
        assertThat(Set.copyOf(second.complete()))
                .as("what the second look completed")
                .isEqualTo(Set.copyOf(first.complete()));
    }

    /** A source that cannot answer is blind or fails with its kind; it is never complete and empty. */
    @TestFactory
    public final Stream<DynamicTest> look_atABrokenSource_isBlindOrFails() {
        return brokenTarget().stream()
                .map(target -> DynamicTest.dynamicTest("broken target " + target.id(), () -> assertHonest(target)));
    }

    /** A source that never answers does not hold a look beyond its deadline or an interruption. */
    @TestFactory
    public final Stream<DynamicTest> look_atASilentSource_endsAllTheSame() {
        return silentTarget().stream()
                .flatMap(target -> Stream.of(
                        DynamicTest.dynamicTest(
                                "ends at its deadline",
                                () -> assertGivesUp(Look.at(source(target), SHORT, reaction()), "at its deadline")),
                        DynamicTest.dynamicTest(
                                "ends when interrupted",
                                () -> assertGivesUp(
                                        Look.interruptedIn(
                                                source(target), deadline().plus(reaction()), LATE_CALLS, reaction()),
                                        "when interrupted"))));
    }

    /** A whole look at the target; the look itself must end well. */
    final Look<T> look() {
        return lookAt(source(target()));
    }

    private Source<T> source(BackupTarget target) {
        return facet.of(target)
                .orElseThrow(() -> new AssertionError("target %s has no %s. Hint: override its method in BackupTarget"
                        .formatted(target.id(), facet)));
    }

    private Look<T> lookAt(Source<T> source) {
        Look<T> look = Look.at(source, deadline(), reaction());
        assertEnds(look, "a look with %s to go".formatted(deadline()));
        look.thrown().ifPresent(thrown -> {
            throw new AssertionError("the look failed with %s, expected it to end well".formatted(thrown), thrown);
        });
        return look;
    }

    private Set<Object> essence(Look<T> look) {
        return look.facts().stream().map(this::essence).collect(Collectors.toSet());
    }

    private void assertEnds(Look<T> look, String what) {
        assertThat(look.ended())
                .as("%s ends, at most %s late", what, reaction())
                .isTrue();
    }

    private void assertHonest(BackupTarget target) {
        Look<T> look = Look.at(source(target), deadline(), reaction());

        assertEnds(look, "a look at a source that cannot answer");
        look.thrown().ifPresent(thrown -> {
            assertThat(thrown).as("what a look at a broken source throws").isInstanceOf(ContinuityException.class);
            assertThat(((ContinuityException) thrown).kind())
                    .as("the kind of the failure, which the provider knows best")
                    .isNotEqualTo(FailureKind.UNEXPECTED);
        });
        assertThat(look.blind().stream().map(Look.Blind::kind))
                .as("the kinds of blindness, which the provider knows best")
                .doesNotContain(FailureKind.UNEXPECTED);
        boolean admitted = look.thrown().isPresent()
                || !look.blind().isEmpty()
                || look.facts().stream().anyMatch(this::admitsFailure);
        assertThat(admitted)
                .as("a look at a source that cannot answer is blind or fails; it completed %s", look.complete())
                .isTrue();
        if (look.facts().isEmpty()) {
            assertThat(look.complete())
                    .as("scopes completed with nothing in them, at a source that cannot answer")
                    .isEmpty();
        }
    }

    private void assertGivesUp(Look<T> look, String when) {
        assertEnds(look, "a look at a source that never answers, " + when);
        assertThat(look.complete())
                .as("scopes completed at a source that never answered")
                .isEmpty();
    }
}
