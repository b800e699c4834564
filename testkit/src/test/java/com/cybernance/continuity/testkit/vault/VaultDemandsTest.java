package com.cybernance.continuity.testkit.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Suites;
import com.cybernance.continuity.testkit.VaultContract;
import com.cybernance.continuity.testkit.VaultReadingContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each demand on a vault passes a right one, and catches one that breaks it, saying what is wrong. */
class VaultDemandsTest {
    private static final String NAME = "vault_keepsItsName";
    private static final String BAD_NAMES = "name_outsideThePattern_isRefused";
    private static final String GOOD_NAMES = "name_withinThePattern_isTaken";
    private static final String NEVER_BOTH = "name_isAnObjectOrABeginning";
    private static final String UNSEEN = "draft_untilItIsCommitted_cannotBeSeen";
    private static final String WHOLE = "commit_makesTheWholeObjectSeen";
    private static final String ONCE = "object_neverChanges";
    private static final String MEANWHILE = "commit_ofANameThatWasTakenMeanwhile_isAConflict";
    private static final String AT_ONCE = "commit_byManyAtOnce_succeedsOnce";
    private static final String ALL_AT_ONCE = "objects_writtenAtOnce_areAllThere";
    private static final String GIVEN_UP = "close_givesUpWhatWasNotCommitted";
    private static final String ENDED = "draft_afterItsCommit_takesNothingMore";
    private static final String ABSENT = "object_thatIsNotThere_isAbsent";
    private static final String ORDER = "list_isInTheOrderOfBytes";
    private static final String RECEIVER = "list_bearsItsReceiver";
    private static final String NO_ANSWER = "vault_thatCannotAnswer_saysSo";
    private static final String READ = "content_isTheSameHoweverItIsRead";
    private static final String BY_MANY = "content_canBeReadByManyAndLeftInTheMiddle";
    private static final String CHANGED = "content_thatWasChanged_isNeverReadToItsEnd";
    private static final String INTERRUPTED = "interruption_damagesNothing";
    private static final String CUT_WRITE = "interruption_whileWriting_leavesAWholeObjectOrNone";

    /** A vault that does one thing wrong. */
    private record Sin(String what, String demand, String says, Supplier<MemoryVault> vault) {}

    @TestFactory
    Stream<DynamicTest> suites_overAVaultWithOneSin_failTheDemandThatItBreaks() {
        return sins().map(sin -> DynamicTest.dynamicTest(sin.what, () -> {
            Map<String, String> failures = Suites.failures(new Writing(sin.vault), sin.demand::equals);
            failures.putAll(Suites.failures(new Reading(sin.vault), sin.demand::equals));

            assertThat(failures).containsKey(sin.demand);
            assertThat(failures.get(sin.demand)).contains(sin.says);
        }));
    }

    @Test
    void suites_overARightVault_pass() {
        assertThat(Suites.failures(new Writing(MemoryVault::new), name -> true)).isEmpty();
        assertThat(Suites.failures(new Reading(MemoryVault::new), name -> true)).isEmpty();
    }

    @Test
    void everyDemand_hasAVaultThatBreaksIt() {
        assertThat(sins().map(Sin::demand))
                .containsAll(Stream.of(VaultContract.class, VaultReadingContract.class)
                        .flatMap(suite -> Suites.demands(suite.getMethods()))
                        .map(Method::getName)
                        .toList());
    }

    private static Stream<Sin> sins() {
        return Stream.of(names(), drafts(), objects(), lists(), reads(), interruptions())
                .flatMap(List::stream);
    }

    private static List<Sin> names() {
        return List.of(
                new Sin("another name each time", NAME, "asked again", () -> new MemoryVault() {
                    private int asked;

                    @Override
                    public String name() {
                        return "memory-" + asked++;
                    }
                }),
                new Sin("takes any name", BAD_NAMES, "the refusal of the name", () -> new MemoryVault() {
                    @Override
                    void check(String object) {
                        requireAnswer();
                    }
                }),
                new Sin("takes any prefix", BAD_NAMES, "the prefix 'a'", () -> new MemoryVault() {
                    @Override
                    void checkPrefix(String prefix) {}
                }),
                new Sin("knows no deep names", GOOD_NAMES, "no name", () -> new MemoryVault() {
                    @Override
                    void check(String object) {
                        super.check(object + "/deeper/still");
                    }
                }),
                new Sin("objects below objects", NEVER_BOTH, "at the beginning of a name", () -> new MemoryVault() {
                    @Override
                    synchronized void refuseIfTaken(String object) {
                        if (records.containsKey(object)) {
                            throw failure(FailureKind.CONFLICT, "taken");
                        }
                    }
                }));
    }

    private static List<Sin> drafts() {
        return List.of(
                new Sin("shows drafts", UNSEEN, "not committed", () -> new MemoryVault() {
                    @Override
                    public Optional<Stored> find(String object) {
                        return Optional.of(
                                super.find(object).orElse(new Stored(object, 0, sha256(new byte[0]), Instant.EPOCH)));
                    }
                }),
                new Sin("a draft takes the name", UNSEEN, "already drafted", () -> new MemoryVault() {
                    private final List<String> drafted = new ArrayList<>();

                    @Override
                    public Draft create(String object) {
                        if (drafted.contains(object)) {
                            throw failure(FailureKind.CONFLICT, "already drafted");
                        }
                        drafted.add(object);
                        return super.create(object);
                    }
                }),
                new Sin("commits on close", GIVEN_UP, "given up", () -> new MemoryVault() {
                    @Override
                    public Draft create(String object) {
                        super.create(object);
                        return new MemoryDraft(object) {
                            @Override
                            public void close() {
                                if (!ended) {
                                    commit();
                                }
                            }
                        };
                    }
                }),
                new Sin("a close takes the object away", GIVEN_UP, "there is no object", () -> new MemoryVault() {
                    @Override
                    public Draft create(String object) {
                        super.create(object);
                        return new MemoryDraft(object) {
                            @Override
                            public void close() {
                                super.close();
                                records.remove(object);
                            }
                        };
                    }
                }),
                new Sin("a draft that never ends", ENDED, "a second commit", () -> new MemoryVault() {
                    @Override
                    public Draft create(String object) {
                        super.create(object);
                        return new MemoryDraft(object) {
                            @Override
                            public Stored commit() {
                                return find(object).orElseGet(super::commit);
                            }
                        };
                    }
                }));
    }

    private static List<Sin> objects() {
        return List.of(
                new Sin("loses the end", WHOLE, "the size", () -> new MemoryVault() {
                    @Override
                    synchronized Stored keep(String object, byte[] content) {
                        return super.keep(object, Arrays.copyOf(content, Math.max(0, content.length - 1)));
                    }
                }),
                new Sin("digests something else", WHOLE, "SHA-256 of what was committed", () -> new MemoryVault() {
                    @Override
                    synchronized Stored keep(String object, byte[] content) {
                        Stored kept = super.keep(object, content);
                        return new Stored(object, kept.size(), sha256(new byte[9]), kept.since());
                    }
                }),
                new Sin("overwrites", ONCE, "writing an object again", Overwriting::new),
                new Sin("the last one has the name", MEANWHILE, "taken meanwhile", () -> new Overwriting() {
                    @Override
                    public Draft create(String object) {
                        check(object);
                        super.refuseIfTakenAtFirst(object);
                        return super.create(object);
                    }
                }),
                new Sin("everybody has the name", AT_ONCE, "commits of one name", Overwriting::new),
                new Sin("one writer at a time", ALL_AT_ONCE, "busy", () -> new MemoryVault() {
                    private int writers;

                    @Override
                    synchronized Stored keep(String object, byte[] content) {
                        if (object.startsWith("new/") && writers++ > 0) {
                            throw failure(FailureKind.THROTTLED, "busy");
                        }
                        return super.keep(object, content);
                    }
                }));
    }

    /** Lets whoever comes last have the name. */
    private static class Overwriting extends MemoryVault {
        @Override
        synchronized void refuseIfTaken(String object) {}

        void refuseIfTakenAtFirst(String object) {
            super.refuseIfTaken(object);
        }
    }

    private static List<Sin> lists() {
        return List.of(
                new Sin("opens what is not there", ABSENT, "opening 'none'", () -> new MemoryVault() {
                    @Override
                    public InputStream open(String object) {
                        return find(object).isPresent() ? super.open(object) : InputStream.nullInputStream();
                    }
                }),
                new Sin("an error for what is not there", ABSENT, "cannot tell", () -> new MemoryVault() {
                    @Override
                    public Optional<Stored> find(String object) {
                        Optional<Stored> found = super.find(object);
                        if (found.isEmpty()) {
                            throw failure(FailureKind.UNREACHABLE, "cannot tell");
                        }
                        return found;
                    }
                }),
                new Sin("lists backwards", ORDER, "all objects in order", () -> listing(Collections::reverse)),
                new Sin(
                        "leaves out the newest",
                        ORDER,
                        "all objects in order",
                        () -> listing(found -> {
                            if (found.size() > 2) {
                                found.remove(found.size() - 1);
                            }
                        })),
                new Sin("lists more than was asked for", ORDER, "those below a/", () -> new MemoryVault() {
                    @Override
                    public void list(String prefix, Consumer<Stored> each) {
                        super.list("", each);
                    }
                }),
                new Sin(
                        "swallows what its receiver throws",
                        RECEIVER,
                        "what the receiver threw",
                        () -> new MemoryVault() {
                            @Override
                            public void list(String prefix, Consumer<Stored> each) {
                                super.list(prefix, stored -> {
                                    try {
                                        each.accept(stored);
                                    } catch (ContinuityException e) {
                                        // forgotten
                                    }
                                });
                            }
                        }),
                new Sin("an error is an empty listing", NO_ANSWER, "the failure of list", () -> new MemoryVault() {
                    @Override
                    public void list(String prefix, Consumer<Stored> each) {
                        if (answers) {
                            super.list(prefix, each);
                        }
                    }
                }),
                new Sin("an error is absent", NO_ANSWER, "the failure of find", () -> new MemoryVault() {
                    @Override
                    public Optional<Stored> find(String object) {
                        return answers ? super.find(object) : Optional.empty();
                    }
                }),
                new Sin("an error is not found", NO_ANSWER, "the failure of open", () -> new MemoryVault() {
                    @Override
                    public InputStream open(String object) {
                        if (!answers) {
                            throw failure(FailureKind.NOT_FOUND, "not found");
                        }
                        return super.open(object);
                    }
                }));
    }

    private static MemoryVault listing(Consumer<List<Stored>> spoil) {
        return new MemoryVault() {
            @Override
            public void list(String prefix, Consumer<Stored> each) {
                List<Stored> found = new ArrayList<>();
                super.list(prefix, found::add);
                spoil.accept(found);
                found.forEach(each);
            }
        };
    }

    private static List<Sin> reads() {
        return List.of(
                new Sin(
                        "one byte too few in a block",
                        READ,
                        "bytes read",
                        () -> streaming(content -> new ByteArrayInputStream(content) {
                            @Override
                            public synchronized int read(byte[] into, int offset, int length) {
                                int read = super.read(into, offset, length);
                                if (read > 1) {
                                    into[offset + read - 1] = 0;
                                }
                                return read;
                            }
                        })),
                new Sin("one stream for all", BY_MANY, "the content, ", () -> new MemoryVault() {
                    private final InputStream[] shared = new InputStream[1];

                    @Override
                    @SuppressWarnings("NullAway")
                    public synchronized InputStream open(String object) {
                        if (shared[0] == null) {
                            shared[0] = super.open(object);
                        }
                        return shared[0];
                    }
                }),
                new Sin("no digest is checked", CHANGED, "a bit of the first byte", () -> new MemoryVault() {
                    @Override
                    byte[] proven(Stored stored, byte[] content) {
                        return content.length == stored.size() ? content : super.proven(stored, content);
                    }
                }),
                new Sin("a truncated read ends as if whole", CHANGED, "the last byte cut off", () -> new MemoryVault() {
                    @Override
                    byte[] proven(Stored stored, byte[] content) {
                        return content.length < stored.size() ? content : super.proven(stored, content);
                    }
                }),
                new Sin("what was added is passed over", CHANGED, "a byte added", () -> new MemoryVault() {
                    @Override
                    byte[] proven(Stored stored, byte[] content) {
                        return super.proven(
                                stored,
                                content.length > stored.size() ? Arrays.copyOf(content, (int) stored.size()) : content);
                    }
                }),
                new Sin(
                        "only blocks are checked, not skips",
                        CHANGED,
                        "the failure of reading",
                        () -> new MemoryVault() {
                            @Override
                            public InputStream open(String object) {
                                Stored stored = find(object).orElseThrow();
                                return new SkipsUnchecked(content(object), () -> proven(stored, content(object)));
                            }
                        }));
    }

    /** Checks when somebody reads, and forgets it when somebody skips. */
    private static final class SkipsUnchecked extends ByteArrayInputStream {
        private final Runnable check;
        private boolean skipped;

        SkipsUnchecked(byte[] content, Runnable check) {
            super(content);
            this.check = check;
        }

        @Override
        public synchronized int read() {
            if (!skipped) {
                check.run();
            }
            return super.read();
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            if (!skipped) {
                check.run();
            }
            return super.read(into, offset, length);
        }

        @Override
        public synchronized byte[] readAllBytes() {
            check.run();
            return super.readAllBytes();
        }

        @Override
        public synchronized long skip(long n) {
            skipped = true;
            return super.skip(n);
        }
    }

    private interface Streaming {
        InputStream of(byte[] content);
    }

    private static MemoryVault streaming(Streaming stream) {
        return new MemoryVault() {
            @Override
            public InputStream open(String object) {
                super.open(object);
                return stream.of(content(object));
            }
        };
    }

    private static List<Sin> interruptions() {
        return List.of(
                new Sin("an interrupt is any error", INTERRUPTED, "an interrupted find", () -> new MemoryVault() {
                    @Override
                    public Optional<Stored> find(String object) {
                        if (Thread.currentThread().isInterrupted()) {
                            throw failure(FailureKind.UNREACHABLE, "closed by interrupt");
                        }
                        return super.find(object);
                    }
                }),
                new Sin(
                        "an interrupted write leaves half of it",
                        CUT_WRITE,
                        "a commit fails after a write",
                        () -> new MemoryVault() {
                            @Override
                            public Draft create(String object) {
                                super.create(object);
                                return new MemoryDraft(object) {
                                    @Override
                                    public void write(byte[] bytes, int offset, int length) {
                                        if (Thread.currentThread().isInterrupted()) {
                                            throw failure(FailureKind.INTERRUPTED, "interrupted");
                                        }
                                        super.write(bytes, offset, length);
                                    }
                                };
                            }
                        }));
    }

    private static final class Writing extends VaultContract {
        private final Supplier<MemoryVault> vault;

        Writing(Supplier<MemoryVault> vault) {
            this.vault = vault;
        }

        @Override
        protected Vault vault() {
            return vault.get();
        }

        @Override
        protected Optional<Vault> brokenVault() {
            MemoryVault broken = vault.get();
            broken.answers = false;
            return Optional.of(broken);
        }
    }

    private static final class Reading extends VaultReadingContract {
        private final Supplier<MemoryVault> vault;

        Reading(Supplier<MemoryVault> vault) {
            this.vault = vault;
        }

        @Override
        protected Vault vault() {
            return vault.get();
        }

        @Override
        protected Optional<Damage> damage() {
            return Optional.of((vault, object, content) -> replace((MemoryVault) vault, object, content));
        }

        private static void replace(MemoryVault vault, String object, byte[] content) throws IOException {
            if (vault.contents.put(object, content) == null) {
                throw new IOException("no object " + object);
            }
        }
    }
}
