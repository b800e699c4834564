package com.cybernance.continuity.testkit;

import static com.cybernance.continuity.testkit.VaultUse.bytes;
import static com.cybernance.continuity.testkit.VaultUse.commit;
import static com.cybernance.continuity.testkit.VaultUse.failure;
import static com.cybernance.continuity.testkit.VaultUse.list;
import static com.cybernance.continuity.testkit.VaultUse.names;
import static com.cybernance.continuity.testkit.VaultUse.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every {@link Vault} owes its caller. Extend it, hand over a vault, and run it as a JUnit test; see also
 * {@link VaultReadingContract} and {@link VaultKeeperContract}. A demand that fails says what was expected.
 */
public abstract class VaultContract {
    private static final String OBJECT = "pg/7/base";

    /** For the author's own test. */
    protected VaultContract() {}

    /** A vault that is empty. Called once for every demand. */
    protected abstract Vault vault();

    /**
     * A vault of the same kind that cannot answer: nothing mounted, no such bucket, a closed port. Empty only where
     * nothing of the kind can be built; the demand on honesty is then not checked.
     */
    protected abstract Optional<Vault> brokenVault();

    /** The vault has a name, and keeps it. */
    @Test
    public final void vault_keepsItsName() {
        Vault vault = vault();

        assertThat(vault.name()).as("the vault's name").matches("[a-z0-9][a-z0-9-]{0,31}");
        assertThat(vault.name()).as("the vault's name, asked again").isEqualTo(vault.name());
    }

    /** What is no name is refused, by every method, and leaves nothing. */
    @Test
    public final void name_outsideThePattern_isRefused() {
        Vault vault = vault();
        for (String name : List.of(
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                ".",
                "..",
                "../a",
                "a/../b",
                ".a",
                "-a",
                "_a",
                "A",
                "a b",
                "a\\b",
                "a\n",
                "a\0",
                "\u00e9",
                "x".repeat(129),
                "a/b/c/d/e/f/g/h/i")) {
            for (Runnable act : List.<Runnable>of(
                    () -> commit(vault, name, bytes(1)), () -> vault.open(name), () -> vault.find(name))) {
                assertRefused(act, "the name '%s'".formatted(name), FailureKind.MISCONFIGURED);
            }
        }
        for (String prefix : List.of("a", "/", "a//", "A/", "../", ".a/")) {
            assertRefused(
                    () -> list(vault, prefix), "listing the prefix '%s'".formatted(prefix), FailureKind.MISCONFIGURED);
        }
        assertThat(names(vault, "")).as("objects after nothing was committed").isEmpty();
    }

    /** Names of the greatest length and depth work, and so do those that look like something else. */
    @Test
    public final void name_withinThePattern_isTaken() {
        Vault vault = vault();
        String longest = "x".repeat(128);
        List<String> odd = List.of(
                "a/b/c/d/e/f/g/h",
                longest + "/" + longest,
                "0",
                "con",
                "content",
                "x.",
                "lock",
                "y/content/record",
                "z.tmp");

        odd.forEach(name -> commit(vault, name, bytes(name.length())));

        for (String name : odd) {
            assertThat(read(vault, name)).as("the content of '%s'", name).isEqualTo(bytes(name.length()));
        }
        assertThat(names(vault, "")).as("names that are listed").containsExactlyInAnyOrderElementsOf(odd);
    }

    /** A name is an object or the beginning of others, never both. */
    @Test
    public final void name_isAnObjectOrABeginning() {
        Vault vault = vault();
        commit(vault, OBJECT, bytes(10));

        assertRefused(
                () -> commit(vault, "pg/7", bytes(1)), "an object at the beginning of a name", FailureKind.CONFLICT);
        assertRefused(
                () -> commit(vault, OBJECT + "/more", bytes(1)), "an object below an object", FailureKind.CONFLICT);
        try (Vault.Draft above = vault.create("late");
                Vault.Draft below = vault.create("late/below")) {
            below.commit();
            assertRefused(above::commit, "an object at what meanwhile begins a name", FailureKind.CONFLICT);
        }
        assertThat(names(vault, "")).as("what is there").containsExactly("late/below", OBJECT);
        assertThat(vault.find("pg/7"))
                .as("an object at the beginning of a name")
                .isEmpty();
    }

    /** Nothing of a draft can be seen, and its name is not taken. */
    @Test
    public final void draft_untilItIsCommitted_cannotBeSeen() {
        Vault vault = vault();
        try (Vault.Draft draft = vault.create(OBJECT)) {
            VaultUse.write(draft, bytes(300_000));

            assertThat(vault.find(OBJECT))
                    .as("an object that was not committed")
                    .isEmpty();
            assertThat(names(vault, "")).as("what is listed before a commit").isEmpty();
            assertRefused(() -> vault.open(OBJECT), "opening what was not committed", FailureKind.NOT_FOUND);
            try (Vault.Draft other = vault.create(OBJECT)) {
                assertThat(other).as("a second draft of the same name").isNotNull();
            }
            draft.commit();
        }
        assertThat(read(vault, OBJECT)).as("the content after the commit").isEqualTo(bytes(300_000));
    }

    /** What is committed is found, listed and read as it was handed over, and everybody says the same of it. */
    @Test
    public final void commit_makesTheWholeObjectSeen() {
        Vault vault = vault();
        for (int size : new int[] {0, 1, 4_096, (256 << 10) - 1, 256 << 10, (1 << 20) + 7}) {
            String name = "sizes/" + size;
            Stored stored = commit(vault, name, bytes(size));

            assertThat(stored.name()).as("the name of what was committed").isEqualTo(name);
            assertThat(stored.size()).as("the size of what was committed").isEqualTo(size);
            assertThat(stored.sha256()).as("SHA-256 of what was committed").isEqualTo(VaultUse.sha256(bytes(size)));
            assertThat(vault.find(name)).as("what is found after the commit").contains(stored);
            assertThat(list(vault, "sizes/"))
                    .as("what is listed after the commit")
                    .contains(stored);
            assertThat(read(vault, name)).as("what is read after the commit").isEqualTo(bytes(size));
        }
    }

    /** An object is written once: the name is taken, whatever comes. */
    @Test
    public final void object_neverChanges() {
        Vault vault = vault();
        Stored first = commit(vault, OBJECT, bytes(10));

        for (int size : new int[] {10, 20}) {
            assertRefused(() -> commit(vault, OBJECT, bytes(size)), "writing an object again", FailureKind.CONFLICT);
        }
        assertThat(vault.find(OBJECT))
                .as("the object after attempts to change it")
                .contains(first);
        assertThat(read(vault, OBJECT)).as("its content").isEqualTo(bytes(10));
    }

    /** The first who commits a name has it; the other one is told, and changes nothing. */
    @Test
    public final void commit_ofANameThatWasTakenMeanwhile_isAConflict() {
        Vault vault = vault();
        try (Vault.Draft slow = vault.create(OBJECT)) {
            VaultUse.write(slow, bytes(10));
            commit(vault, OBJECT, bytes(20));

            assertRefused(slow::commit, "committing a name that was taken meanwhile", FailureKind.CONFLICT);
        }
        assertThat(read(vault, OBJECT)).as("the content of the first").isEqualTo(bytes(20));
    }

    /** Of many who commit one name at once, one has it. */
    @Test
    public final void commit_byManyAtOnce_succeedsOnce() {
        Vault vault = vault();
        List<Integer> sizes = List.of(1, 2, 3, 4, 5, 6);

        List<Optional<ContinuityException>> outcomes =
                VaultUse.atOnce(sizes, size -> commit(vault, OBJECT, bytes(size)));

        assertThat(outcomes.stream().filter(Optional::isEmpty))
                .as("commits of one name that succeeded")
                .hasSize(1);
        assertThat(outcomes.stream().flatMap(Optional::stream).map(ContinuityException::kind))
                .as("what the others were told")
                .containsOnly(FailureKind.CONFLICT);
        int winner = sizes.get(outcomes.indexOf(Optional.<ContinuityException>empty()));
        assertThat(read(vault, OBJECT)).as("the content of the winner").isEqualTo(bytes(winner));
    }

    /** Different objects can be written at the same time, below the same new name, from any thread. */
    @Test
    public final void objects_writtenAtOnce_areAllThere() {
        Vault vault = vault();
        List<Integer> sizes = List.of(1, 2, 3, 4, 5, 6);

        List<Optional<ContinuityException>> outcomes =
                VaultUse.atOnce(sizes, size -> commit(vault, "new/part/" + size, bytes(size)));

        assertThat(outcomes.stream().flatMap(Optional::stream))
                .as("failures of writing different objects at once")
                .isEmpty();
        sizes.forEach(size ->
                assertThat(read(vault, "new/part/" + size)).as("object " + size).isEqualTo(bytes(size)));
    }

    /** What is given up leaves nothing, and the name is free; a close after the commit changes nothing. */
    @Test
    public final void close_givesUpWhatWasNotCommitted() {
        Vault vault = vault();
        Vault.Draft draft = vault.create(OBJECT);
        VaultUse.write(draft, bytes(300_000));
        draft.close();
        draft.close();

        assertThat(names(vault, "")).as("objects after a draft was given up").isEmpty();
        assertThat(failure(draft::commit)).as("a commit after the close").isPresent();
        assertThat(names(vault, "")).as("objects after a commit that failed").isEmpty();
        commit(vault, OBJECT, bytes(5)); // closes after the commit, too
        assertThat(read(vault, OBJECT)).as("the content").isEqualTo(bytes(5));
    }

    /** A draft ends with its commit. */
    @Test
    public final void draft_afterItsCommit_takesNothingMore() {
        Vault vault = vault();
        try (Vault.Draft draft = vault.create(OBJECT)) {
            VaultUse.write(draft, bytes(5));
            draft.commit();

            assertThat(failure(draft::commit)).as("a second commit").isPresent();
            assertThat(failure(() -> VaultUse.write(draft, bytes(5))))
                    .as("a write after the commit")
                    .isPresent();
        }
        assertThat(read(vault, OBJECT)).as("the content").isEqualTo(bytes(5));
    }

    /** What surely is not there is absent, not an error; only opening it fails. */
    @Test
    public final void object_thatIsNotThere_isAbsent() {
        Vault vault = vault();
        commit(vault, OBJECT, bytes(1));

        for (String name : List.of(
                "none",
                "pg/none",
                "pg/7",
                "pg",
                "pg/7/bas",
                "none/none/none",
                OBJECT + "/content",
                OBJECT + "/content/x")) {
            assertThat(vault.find(name)).as("the object '%s'", name).isEmpty();
            ContinuityException failure =
                    assertRefused(() -> vault.open(name), "opening '%s'".formatted(name), FailureKind.NOT_FOUND);
            assertThat(failure)
                    .as("a failure that names the vault and the object")
                    .hasMessageContaining(vault.name())
                    .hasMessageContaining(name);
            assertThat(names(vault, name + "/").stream().filter(each -> !each.equals(OBJECT)))
                    .as("objects below '%s'", name)
                    .isEmpty();
        }
    }

    /** Objects are listed once, in the order of the bytes of their names, and only those that begin so. */
    @Test
    public final void list_isInTheOrderOfBytes() {
        Vault vault = vault();
        List<String> ordered =
                List.of("a-b", "a.b", "a/b", "a/b-c", "a/c/x", "a/c/y", "a/c0", "a0", "a_b", "aa", "b/10", "b/9", "z");
        for (int i = 0; i < ordered.size(); i++) {
            commit(vault, ordered.get(i * 5 % ordered.size()), bytes(i));
        }

        assertThat(names(vault, "")).as("all objects in order").isEqualTo(ordered);
        assertThat(names(vault, "a/")).as("those below a/").containsExactly("a/b", "a/b-c", "a/c/x", "a/c/y", "a/c0");
        assertThat(names(vault, "a/c/")).as("those below a/c/").containsExactly("a/c/x", "a/c/y");
        assertThat(names(vault, "z/")).as("those below an object").isEmpty();
    }

    /** Whatever the receiver of a listing throws comes through, and it may use the vault meanwhile. */
    @Test
    public final void list_bearsItsReceiver() {
        Vault vault = vault();
        List.of("a", "b/c", "d").forEach(name -> commit(vault, name, bytes(3)));
        List<String> seen = new ArrayList<>();

        vault.list("", each -> {
            assertThat(read(vault, each.name()))
                    .as("what is read while listing")
                    .isEqualTo(bytes(3));
            seen.add(each.name());
        });

        assertThat(seen).as("what was listed").containsExactly("a", "b/c", "d");
        assertThat(failure(() -> vault.list("", each -> {
                    throw new ContinuityException(FailureKind.THROTTLED, "enough", "stop");
                })))
                .as("what the receiver threw")
                .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(FailureKind.THROTTLED));
    }

    /** A vault that cannot answer says so, from every method; it never looks empty. */
    @TestFactory
    public final Stream<DynamicTest> vault_thatCannotAnswer_saysSo() {
        return brokenVault().stream()
                .flatMap(vault -> Stream.of(
                        broken(vault, "list", () -> list(vault, "")),
                        broken(vault, "list of a prefix", () -> list(vault, "pg/")),
                        broken(vault, "find", () -> vault.find(OBJECT)),
                        broken(vault, "open", () -> vault.open(OBJECT)),
                        broken(vault, "create", () -> commit(vault, OBJECT, bytes(1)))));
    }

    private static DynamicTest broken(Vault vault, String what, Runnable act) {
        return DynamicTest.dynamicTest(what, () -> {
            Optional<ContinuityException> failure = failure(act);
            assertThat(failure)
                    .as("the failure of %s in a vault that cannot answer", what)
                    .isPresent();
            assertThat(failure.orElseThrow().kind())
                    .as("the kind of the failure of %s, which the vault knows best", what)
                    .isNotIn(FailureKind.NOT_FOUND, FailureKind.UNEXPECTED, FailureKind.CONFLICT);
            assertThat(failure.orElseThrow())
                    .as("a failure that names the vault")
                    .hasMessageContaining(vault.name());
        });
    }

    private static ContinuityException assertRefused(Runnable act, String what, FailureKind kind) {
        Optional<ContinuityException> failure = failure(act);
        assertThat(failure).as("the refusal of %s", what).isPresent();
        assertThat(failure.orElseThrow().kind())
                .as("the kind of the refusal of %s", what)
                .isEqualTo(kind);
        return failure.orElseThrow();
    }
}
