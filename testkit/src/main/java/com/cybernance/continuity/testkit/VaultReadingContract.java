package com.cybernance.continuity.testkit;

import static com.cybernance.continuity.testkit.VaultUse.bytes;
import static com.cybernance.continuity.testkit.VaultUse.commit;
import static com.cybernance.continuity.testkit.VaultUse.failure;
import static com.cybernance.continuity.testkit.VaultUse.list;
import static com.cybernance.continuity.testkit.VaultUse.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a {@link Vault} owes its readers: what was committed or an error, also when somebody changed or interrupts it. */
public abstract class VaultReadingContract {
    private static final String OBJECT = "pg/7/base";
    private static final int SIZE = 600_000;

    /** For the author's own test. */
    protected VaultReadingContract() {}

    /** A vault that is empty. Called once for every demand. */
    protected abstract Vault vault();

    /**
     * Changes what the vault keeps of an object, behind its back. Empty only where that cannot be done; the demands on
     * rot are then not checked.
     */
    protected abstract Optional<Damage> damage();

    /** Somebody who changes what a vault keeps. */
    public interface Damage {
        /** Replaces the content that is kept, and nothing else that is known of the object. */
        void replaceContent(Vault vault, String object, byte[] content) throws IOException;
    }

    /** Every way of reading a stream gives the same bytes. */
    @Test
    public final void content_isTheSameHoweverItIsRead() throws IOException {
        Vault vault = vault();
        byte[] content = bytes(5_000);
        commit(vault, OBJECT, content);

        try (InputStream in = vault.open(OBJECT)) {
            assertThat(in.read()).as("the first byte").isEqualTo(content[0] & 0xff);
            assertThat(in.read(new byte[10], 3, 0))
                    .as("bytes read of none asked for")
                    .isZero();
            in.skipNBytes(98);
            byte[] some = new byte[200];
            assertThat(in.readNBytes(some, 50, 100)).as("bytes read").isEqualTo(100);
            assertThat(Arrays.copyOfRange(some, 50, 150))
                    .as("bytes read into the middle")
                    .isEqualTo(Arrays.copyOfRange(content, 99, 199));
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            in.transferTo(rest);
            assertThat(rest.toByteArray()).as("the rest").isEqualTo(Arrays.copyOfRange(content, 199, 5_000));
            assertThat(in.read()).as("a read at the end").isEqualTo(-1);
            assertThat(in.read(new byte[1])).as("a read at the end, again").isEqualTo(-1);
        }
    }

    /** A stream may be left before its end, and read by many at once. */
    @Test
    public final void content_canBeReadByManyAndLeftInTheMiddle() {
        Vault vault = vault();
        commit(vault, OBJECT, bytes(SIZE));

        List<Optional<ContinuityException>> outcomes = VaultUse.atOnce(List.of(1, 2, 3, 4), reader -> {
            try (InputStream in = vault.open(OBJECT)) {
                assertThat(in.readNBytes(1_000 * reader))
                        .as("the content, its beginning")
                        .hasSize(1_000 * reader);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            assertThat(read(vault, OBJECT)).as("the content, all of it").isEqualTo(bytes(SIZE));
        });

        assertThat(outcomes).as("failures of reading at once").containsOnly(Optional.empty());
    }

    /** Content that was changed is never taken for what was committed, however it is read. */
    @TestFactory
    public final Stream<DynamicTest> content_thatWasChanged_isNeverReadToItsEnd() {
        byte[] whole = bytes(SIZE);
        return damage().stream()
                .flatMap(damage -> Stream.of(
                        changed(damage, "a bit of the first byte", flipped(whole, 0)),
                        changed(damage, "a bit in the middle", flipped(whole, SIZE / 2)),
                        changed(damage, "a bit of the last byte", flipped(whole, SIZE - 1)),
                        changed(damage, "the last byte cut off", Arrays.copyOf(whole, SIZE - 1)),
                        changed(damage, "cut in the middle", Arrays.copyOf(whole, SIZE / 2)),
                        changed(damage, "cut to nothing", new byte[0]),
                        changed(damage, "a byte added", Arrays.copyOf(whole, SIZE + 1)),
                        changed(damage, "other bytes of the same length", bytes(SIZE + 1))));
    }

    private DynamicTest changed(Damage damage, String what, byte[] content) {
        return DynamicTest.dynamicTest(what, () -> {
            Vault vault = vault();
            commit(vault, OBJECT, bytes(SIZE));
            damage.replaceContent(vault, OBJECT, content);

            for (Reader reader : List.<Reader>of(
                    InputStream::readAllBytes, VaultReadingContract::byteByByte, VaultReadingContract::skipped)) {
                Optional<ContinuityException> failure = failure(() -> readToItsEnd(vault, reader));
                assertThat(failure)
                        .as("the failure of reading content with %s", what)
                        .isPresent();
                assertThat(failure.orElseThrow().kind()).as("its kind").isEqualTo(FailureKind.CORRUPT);
                assertThat(failure.orElseThrow())
                        .as("a failure that names the vault and the object")
                        .hasMessageContaining(vault.name())
                        .hasMessageContaining(OBJECT);
            }
        });
    }

    private interface Reader {
        Object read(InputStream in) throws IOException;
    }

    private static void readToItsEnd(Vault vault, Reader reader) {
        try (InputStream in = vault.open(OBJECT)) {
            reader.read(in);
        } catch (IOException e) {
            throw new AssertionError("a vault fails with a ContinuityException, observed " + e, e);
        }
    }

    private static Object byteByByte(InputStream in) throws IOException {
        int last = 0;
        while (last >= 0) {
            last = in.read();
        }
        return last;
    }

    private static Object skipped(InputStream in) throws IOException {
        long skipped = 1;
        while (skipped > 0) {
            skipped = in.skip(100_000);
        }
        return in.read();
    }

    private static byte[] flipped(byte[] whole, int at) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 0x10;
        return flipped;
    }

    /** An interrupted call either does its work or says that it was interrupted; what is kept stays whole. */
    @Test
    public final void interruption_damagesNothing() {
        Vault vault = vault();
        commit(vault, OBJECT, bytes(SIZE));

        assertInterruptible("find", () -> vault.find(OBJECT));
        assertInterruptible("list", () -> list(vault, ""));
        assertInterruptible("open and read", () -> read(vault, OBJECT));
        assertInterruptible("create", () -> vault.create("other").close());
        assertThat(read(vault, OBJECT)).as("the object after interrupted calls").isEqualTo(bytes(SIZE));
    }

    /** A draft whose write was interrupted is spoiled: no object comes of it, unless the write was done. */
    @Test
    public final void interruption_whileWriting_leavesAWholeObjectOrNone() {
        Vault vault = vault();
        for (String part : List.of("write", "commit")) {
            String object = "cut/" + part;
            Optional<ContinuityException> failure = Optional.empty();
            try (Vault.Draft draft = vault.create(object)) {
                if (part.equals("commit")) {
                    VaultUse.write(draft, bytes(SIZE));
                }
                failure = assertInterruptible(part, () -> {
                    if (part.equals("write")) {
                        VaultUse.write(draft, bytes(SIZE));
                    } else {
                        draft.commit();
                    }
                });
                if (part.equals("write")) {
                    Optional<ContinuityException> after = failure(draft::commit);
                    assertThat(after.isPresent())
                            .as("a commit fails after a write that failed, and only then")
                            .isEqualTo(failure.isPresent());
                }
            }
            if (failure.isEmpty() || vault.find(object).isPresent()) {
                assertThat(read(vault, object)).as("the object").isEqualTo(bytes(SIZE));
            }
        }
    }

    private static Optional<ContinuityException> assertInterruptible(String what, Runnable act) {
        Thread.currentThread().interrupt();
        try {
            Optional<ContinuityException> failure = failure(act);
            failure.ifPresent(e -> assertThat(e.kind())
                    .as("the kind of the failure of an interrupted %s", what)
                    .isEqualTo(FailureKind.INTERRUPTED));
            return failure;
        } finally {
            Thread.interrupted(); // the next demand starts without it
        }
    }
}
