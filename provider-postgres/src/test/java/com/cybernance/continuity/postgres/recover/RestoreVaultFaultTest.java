package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import com.cybernance.continuity.testkit.Seeds;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault that fails, once, at every single call of a restore. */
class RestoreVaultFaultTest {
    /** In a plain build only some of the calls. */
    private static final int STRIDE = Seeds.runs(20) == 20 ? 1 : 12;

    private final SmallBackup small = new SmallBackup();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void restore_whoseVaultFailsAtAnyCall_isNamed_andGoesOnToTheEnd() throws Exception {
        int calls = everyCall(STRIDE, "", UnaryOperator.identity());

        System.out.printf("%d calls of a restore refused by its vault%n", calls);
        assertThat(calls * STRIDE).isGreaterThan(60);
    }

    @Test
    void plantedBug_aStreamThatEndsWhereTheVaultFails_isFound() {
        assertThatThrownBy(() -> everyCall(1, "read ", Deaf::new))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("refused: ");
    }

    /** Restores over and over, and each time a later call of the vault fails. Returns how many did. */
    private int everyCall(int stride, String calls, UnaryOperator<Vault> planted) throws Exception {
        Map<String, String> wanted = restored(small.vault, "");
        int refused = 0;
        for (int at = stride - 1; ; at += stride) {
            List<String> met = new CopyOnWriteArrayList<>();
            Vault vault = WatchedVault.cutOff(small.vault, calls, at, met);
            Map<String, String> after = restored(planted.apply(vault), "refused: ");
            if (met.isEmpty()) {
                return refused;
            }
            refused++;
            assertThat(after).as("restored after " + met).isEqualTo(wanted);
        }
    }

    /** Restores; where that is to fail first, it must say so, and goes on. Returns what is there at the end. */
    private Map<String, String> restored(Vault vault, String failing) throws IOException {
        Path destination = Files.createTempDirectory(directory, "restore").resolve("restored");
        RestoreRequest request = small.request(destination);
        String failure = RestoreFaultTest.work(new LocalRestoreDisk(), vault, request, new ArrayList<>(), false);
        if (!failing.isEmpty() && !failure.isEmpty()) {
            assertThat(failure).as(failing).contains("the vault was cut off at ");
            failure = RestoreFaultTest.work(new LocalRestoreDisk(), vault, request, new ArrayList<>(), false);
        }
        assertThat(failure).as(failing).isEmpty();
        Map<String, String> tree = RestoreFaultTest.tree(destination);
        Trees.delete(new LocalRestoreDisk(), destination.resolveSibling(""));
        return tree;
    }

    /** Takes a stream that fails for one that ends. */
    private static final class Deaf extends ForwardingVault {
        Deaf(Vault vault) {
            super(vault);
        }

        @Override
        public InputStream open(String object) {
            return new FilterInputStream(super.open(object)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    try {
                        return in.read(into, offset, length);
                    } catch (ContinuityException taken) {
                        return -1;
                    }
                }
            };
        }
    }
}
