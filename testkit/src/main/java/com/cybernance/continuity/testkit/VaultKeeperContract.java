package com.cybernance.continuity.testkit;

import static com.cybernance.continuity.testkit.VaultUse.bytes;
import static com.cybernance.continuity.testkit.VaultUse.commit;
import static com.cybernance.continuity.testkit.VaultUse.failure;
import static com.cybernance.continuity.testkit.VaultUse.names;
import static com.cybernance.continuity.testkit.VaultUse.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link VaultKeeper} owes whoever decides how long objects are kept. */
public abstract class VaultKeeperContract {
    private static final String OBJECT = "pg/7/base";
    private static final String OTHER = "pg/7/log";

    /** For the author's own test. */
    protected VaultKeeperContract() {}

    /** A vault that is empty. Called once for every demand. */
    protected abstract Vault vault();

    /** A new keeper of that vault. Called several times for one vault. */
    protected abstract VaultKeeper keeper(Vault vault);

    /** What time it is for the keeper, give or take a minute. */
    protected abstract Instant now();

    /** A hold refuses deletion, says so, and outlasts the keeper that placed it; placing it twice is placing it once. */
    @Test
    public final void hold_refusesDeletionUntilItIsLifted() {
        Vault vault = filled();
        VaultKeeper keeper = keeper(vault);
        keeper.hold(OBJECT, "audit-7");
        keeper.hold(OBJECT, "audit-7");
        keeper.hold(OBJECT, "court");

        assertThat(keeper(vault).holds(OBJECT)).as("the holds in force").containsExactlyInAnyOrder("audit-7", "court");
        assertThat(keeper(vault).holds(OTHER)).as("the holds of another object").isEmpty();
        assertDenied(vault, "audit-7");
        keeper.release(OBJECT, "audit-7");
        keeper.release(OBJECT, "audit-7");
        assertThat(keeper(vault).holds(OBJECT))
                .as("the holds after one was lifted")
                .containsExactly("court");
        assertDenied(vault, "court");
        keeper.release(OBJECT, "court");
        keeper(vault).delete(OBJECT);
        assertThat(names(vault, "")).as("what is left").containsExactly(OTHER);
    }

    /** A lock refuses deletion, and only ever grows. */
    @Test
    public final void lock_refusesDeletionAndOnlyGrows() {
        Vault vault = filled();
        Instant later = now().plus(Duration.ofDays(2));
        assertThat(keeper(vault).lockedUntil(OBJECT))
                .as("the lock of a new object")
                .isEmpty();

        keeper(vault).lockUntil(OBJECT, later);
        keeper(vault).lockUntil(OBJECT, later.minus(Duration.ofDays(1)));
        assertThat(keeper(vault).lockedUntil(OBJECT)).as("the lock in force").contains(later);
        assertDenied(vault, later.toString());
        Instant latest = later.plusNanos(1_000_000);
        keeper(vault).lockUntil(OBJECT, latest);
        assertThat(keeper(vault).lockedUntil(OBJECT)).as("the lock that grew").contains(latest);
        assertThat(keeper(vault).lockedUntil(OTHER))
                .as("the lock of another object")
                .isEmpty();
    }

    private static void assertReadable(Vault vault) {
        assertThat(read(vault, OBJECT))
                .as("the object that could not be deleted")
                .isEqualTo(bytes(1_000));
    }

    private void assertDenied(Vault vault, String names) {
        Optional<ContinuityException> failure = failure(() -> keeper(vault).delete(OBJECT));
        assertThat(failure).as("the refusal of a deletion").isPresent();
        assertThat(failure.orElseThrow().kind()).as("its kind").isEqualTo(FailureKind.DENIED);
        assertThat(failure.orElseThrow())
                .as("a refusal that names what is in force, the vault and the object")
                .hasMessageContaining(names)
                .hasMessageContaining(vault.name())
                .hasMessageContaining(OBJECT);
        assertReadable(vault);
    }

    /** A deleted object is gone, from everywhere; its name is free, and deleting it again does nothing. */
    @Test
    public final void delete_removesTheObject() {
        Vault vault = filled();
        keeper(vault).delete(OBJECT);
        keeper(vault).delete(OBJECT);
        keeper(vault).delete("never/was");

        assertThat(vault.find(OBJECT)).as("a deleted object").isEmpty();
        assertThat(names(vault, "")).as("what is left").containsExactly(OTHER);
        assertThat(failure(() -> vault.open(OBJECT)).map(ContinuityException::kind))
                .as("opening a deleted object")
                .contains(FailureKind.NOT_FOUND);
        commit(vault, OBJECT, bytes(7));
        assertThat(read(vault, OBJECT)).as("a new object of that name").isEqualTo(bytes(7));
        assertThat(keeper(vault).holds(OBJECT)).as("its holds").isEmpty();
        assertThat(keeper(vault).lockedUntil(OBJECT)).as("its lock").isEmpty();
    }

    /** What is not there cannot be kept. */
    @Test
    public final void keeping_whatIsNotThere_isRefused() {
        Vault vault = filled();
        VaultKeeper keeper = keeper(vault);

        for (Runnable act : List.<Runnable>of(
                () -> keeper.lockUntil("none", now()), () -> keeper.hold("none", "h"), () -> keeper.hold("pg", "h"))) {
            assertThat(failure(act).map(ContinuityException::kind))
                    .as("keeping what is not there")
                    .contains(FailureKind.NOT_FOUND);
        }
        assertThat(names(vault, "")).as("what is there").containsExactly(OBJECT, OTHER);
    }

    /** What is no name is refused. */
    @Test
    public final void name_outsideThePattern_isRefused() {
        VaultKeeper keeper = keeper(filled());

        for (String name : List.of("", "..", "../a", "A", "a//b", "a/")) {
            for (Runnable act : List.<Runnable>of(
                    () -> keeper.delete(name), () -> keeper.lockUntil(name, now()), () -> keeper.hold(name, "h"))) {
                assertThat(failure(act).map(ContinuityException::kind))
                        .as("the name '%s'", name)
                        .contains(FailureKind.MISCONFIGURED);
            }
        }
    }

    private Vault filled() {
        Vault vault = vault();
        commit(vault, OBJECT, bytes(1_000));
        commit(vault, OTHER, bytes(2_000));
        return vault;
    }
}
