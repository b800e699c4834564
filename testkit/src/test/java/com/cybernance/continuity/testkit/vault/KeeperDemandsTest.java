package com.cybernance.continuity.testkit.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import com.cybernance.continuity.testkit.Suites;
import com.cybernance.continuity.testkit.VaultKeeperContract;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each demand on a keeper passes a right one, and catches one that breaks it, saying what is wrong. */
class KeeperDemandsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final String HOLD = "hold_refusesDeletionUntilItIsLifted";
    private static final String LOCK = "lock_refusesDeletionAndOnlyGrows";
    private static final String DELETE = "delete_removesTheObject";
    private static final String NOT_THERE = "keeping_whatIsNotThere_isRefused";
    private static final String NAMES = "name_outsideThePattern_isRefused";

    /** A keeper that does one thing wrong. */
    private record Sin(String what, String demand, String says, Function<MemoryVault, MemoryKeeper> keeper) {}

    @TestFactory
    Stream<DynamicTest> suite_overAKeeperWithOneSin_failsTheDemandThatItBreaks() {
        return sins().stream()
                .map(sin -> DynamicTest.dynamicTest(sin.what, () -> {
                    Map<String, String> failures = Suites.failures(new Keeping(sin.keeper), sin.demand::equals);

                    assertThat(failures).containsKey(sin.demand);
                    assertThat(failures.get(sin.demand)).contains(sin.says);
                }));
    }

    @Test
    void suite_overARightKeeper_passes() {
        assertThat(Suites.failures(new Keeping(vault -> new MemoryKeeper(vault, NOW)), name -> true))
                .isEmpty();
    }

    @Test
    void everyDemand_hasAKeeperThatBreaksIt() {
        assertThat(sins().stream().map(Sin::demand))
                .containsAll(Suites.demands(VaultKeeperContract.class.getMethods())
                        .map(Method::getName)
                        .toList());
    }

    private static List<Sin> sins() {
        return List.of(
                new Sin(
                        "deletes all the same",
                        HOLD,
                        "the refusal of a deletion",
                        vault -> new MemoryKeeper(vault, NOW) {
                            @Override
                            void refuseIfKept(String object) {}
                        }),
                new Sin(
                        "one release lifts all holds",
                        HOLD,
                        "after one was lifted",
                        vault -> new MemoryKeeper(vault, NOW) {
                            @Override
                            public void release(String object, String hold) {
                                vault.holds.remove(object);
                            }
                        }),
                new Sin("keeps the last hold only", HOLD, "the holds in force", vault -> new MemoryKeeper(vault, NOW) {
                    @Override
                    public void hold(String object, String hold) {
                        vault.holds.put(object, new TreeSet<>(List.of(hold)));
                    }
                }),
                new Sin("a lock shrinks", LOCK, "the lock in force", vault -> new MemoryKeeper(vault, NOW) {
                    @Override
                    public void lockUntil(String object, Instant moment) {
                        vault.locks.put(object, moment);
                    }
                }),
                new Sin(
                        "a lock refuses nothing",
                        LOCK,
                        "the refusal of a deletion",
                        vault -> new MemoryKeeper(vault, Instant.MAX)),
                new Sin("removes the content only", DELETE, "a deleted object", vault -> new MemoryKeeper(vault, NOW) {
                    @Override
                    void remove(String object) {
                        vault.contents.remove(object);
                    }
                }),
                new Sin("keeps the holds for the next one", DELETE, "its lock", vault -> new MemoryKeeper(vault, NOW) {
                    @Override
                    void remove(String object) {
                        super.remove(object);
                        vault.locks.put(object, NOW);
                    }
                }),
                new Sin(
                        "holds what is not there",
                        NOT_THERE,
                        "keeping what is not there",
                        vault -> new MemoryKeeper(vault, NOW) {
                            @Override
                            public void hold(String object, String hold) {
                                vault.holds.put(object, new TreeSet<>(List.of(hold)));
                            }
                        }),
                new Sin("takes any name", NAMES, "the name ''", vault -> new MemoryKeeper(vault, NOW) {
                    @Override
                    public void delete(String object) {
                        if (object.matches("[a-z/0-9]+")) {
                            super.delete(object);
                        }
                    }
                }));
    }

    private static final class Keeping extends VaultKeeperContract {
        private final Function<MemoryVault, MemoryKeeper> keeper;

        Keeping(Function<MemoryVault, MemoryKeeper> keeper) {
            this.keeper = keeper;
        }

        @Override
        protected Vault vault() {
            return new MemoryVault();
        }

        @Override
        protected VaultKeeper keeper(Vault vault) {
            return keeper.apply((MemoryVault) vault);
        }

        @Override
        protected Instant now() {
            return NOW;
        }
    }
}
