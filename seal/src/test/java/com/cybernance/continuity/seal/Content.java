package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writing and reading whole objects. */
final class Content {
    private Content() {}

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Stored write(Vault vault, String object, byte[] content) {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(content);
            return draft.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(Vault vault, String object) {
        Reading reading = tryRead(vault, object);
        if (reading.failure != null) {
            throw reading.failure;
        }
        return reading.released;
    }

    static List<String> names(Vault vault, String prefix) {
        List<String> names = new ArrayList<>();
        vault.list(prefix, each -> names.add(each.name()));
        return names;
    }

    /** Reads until the end or the first failure, and then demands that the failure lasts. */
    static Reading tryRead(Vault vault, String object) {
        ByteArrayOutputStream released = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 << 10];
        try (InputStream in = vault.open(object)) {
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    released.write(buffer, 0, read);
                }
                return new Reading(released.toByteArray(), null);
            } catch (ContinuityException e) {
                return new Reading(released.toByteArray(), again(in, e));
            }
        } catch (ContinuityException e) {
            return new Reading(released.toByteArray(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the end or the first failure, and compares what comes out with what was sealed as it comes. */
    static Compared compare(Vault vault, String object, byte[] content) {
        long released = 0;
        boolean same = true;
        byte[] buffer = new byte[16 << 10];
        try (InputStream in = vault.open(object)) {
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    same &= released + read <= content.length
                            && Arrays.equals(buffer, 0, read, content, (int) released, (int) released + read);
                    released += read;
                }
                return new Compared(released, same, null);
            } catch (ContinuityException e) {
                return new Compared(released, same, again(in, e));
            }
        } catch (ContinuityException e) {
            return new Compared(released, same, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ContinuityException again(InputStream in, ContinuityException first) throws IOException {
        try {
            int read = in.read();
            throw new AssertionError("read " + read + " after " + first);
        } catch (ContinuityException e) {
            return e;
        }
    }

    /** How much came out before the end or the failure, and whether it was what was sealed. */
    record Compared(long released, boolean same, @Nullable ContinuityException failure) {
        boolean refused() {
            return failure != null && failure.kind() == FailureKind.CORRUPT;
        }
    }

    /** What came out before the end or the failure. */
    @SuppressWarnings("ArrayRecordComponent")
    record Reading(byte[] released, @Nullable ContinuityException failure) {}
}
