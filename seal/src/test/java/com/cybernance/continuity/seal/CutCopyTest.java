package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.random;
import static com.cybernance.continuity.seal.Content.read;
import static com.cybernance.continuity.seal.Content.write;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.seal.CuttingVault.When;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.vault.VaultCopier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set is copied from one sealed vault to another, of other keys, and every call to either vault is cut once. */
class CutCopyTest {
    private static final String COMPLETES = "b/backup.json";
    private static final Map<String, byte[]> CONTENT =
            Map.of("b/data", random(600_000, 1), "b/log", random(70_000, 2), COMPLETES, random(300, 3));
    private static final List<String> SET = List.of("b/data", "b/log", COMPLETES);

    private static final MemoryVault SOURCE = new MemoryVault();

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static TestKeys here;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static TestKeys there;

    @BeforeAll
    static void seal(@TempDir Path temporary) throws IOException {
        here = TestKeys.make(Files.createDirectory(temporary.resolve("here")));
        there = TestKeys.make(Files.createDirectory(temporary.resolve("there")));
        SET.forEach(each -> write(SealedVault.around(SOURCE, here.ring()), each, content(each)));
    }

    private static byte[] content(String object) {
        return requireNonNull(CONTENT.get(object));
    }

    private static void copy(Vault from, Vault to) {
        VaultCopier.between(SealedVault.around(from, here.ring()), SealedVault.around(to, there.ring()))
                .copy(SET);
    }

    @Test
    void copy_cutAtAnyCallToTheDestination_isResumed_andNothingIncompleteLooksComplete() {
        CuttingVault whole = new CuttingVault(new MemoryVault(), 0, When.BEFORE);
        copy(SOURCE, whole);
        int cuts = 0;
        for (When when : When.values()) {
            for (int call = 1; call <= whole.calls(); call++) {
                MemoryVault destination = new MemoryVault();
                CuttingVault cut = new CuttingVault(destination, call, when);
                assertUnreachable(catchThrowable(() -> copy(SOURCE, cut)));
                assertResumes(destination, "destination cut %s call %d".formatted(when, call));
                cuts++;
            }
        }
        System.out.println("calls of a sealed copy cut at its destination: " + cuts);
        assertThat(cuts).isGreaterThan(60);
    }

    @Test
    void copy_cutAtAnyCallToTheSource_isResumed_andNothingIncompleteLooksComplete() {
        CuttingVault whole = new CuttingVault(SOURCE, 0, When.BEFORE);
        copy(whole, new MemoryVault());
        int cuts = 0;
        for (int call = 1; call <= whole.calls(); call++) {
            MemoryVault destination = new MemoryVault();
            CuttingVault cut = new CuttingVault(SOURCE, call, When.BEFORE);
            assertUnreachable(catchThrowable(() -> copy(cut, destination)));
            assertResumes(destination, "source cut at call " + call);
            cuts++;
        }
        System.out.println("calls of a sealed copy cut at its source: " + cuts);
        assertThat(cuts).isGreaterThan(20);
    }

    private static void assertUnreachable(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(ContinuityException.class)
                .extracting(each -> ((ContinuityException) each).kind())
                .isEqualTo(FailureKind.UNREACHABLE);
    }

    private static void assertResumes(MemoryVault destination, String how) {
        if (SealedVault.around(destination, there.ring()).find(COMPLETES).isPresent()) {
            assertWhole(destination, how);
        }
        copy(SOURCE, destination);
        assertWhole(destination, how);
    }

    private static void assertWhole(MemoryVault destination, String how) {
        for (SealedVault vault : List.of(
                SealedVault.around(destination, there.ring()), SealedVault.around(destination, there.recovery()))) {
            assertThat(Content.names(vault, "")).as(how).containsExactlyInAnyOrderElementsOf(SET);
            SET.forEach(each -> assertThat(read(vault, each)).as(how).isEqualTo(content(each)));
        }
    }
}
