package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import com.cybernance.continuity.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a vault that fails while a piece is written, whether or not the failure comes before the piece's end. */
@Timeout(120)
class FailingVaultTest {
    private static final int SEGMENT = 16 << 20;
    private static final Cluster CLUSTER = new Cluster("7000000000000000042");

    @TempDir
    @SuppressWarnings("NullAway.Init") // made before each test
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {100_000, 300_000, 3 << 20, 12 << 20})
    void vaultWithoutRoom_isSaidToHaveNone_howeverMuchIsShipped(int length) {
        VaultProgress progress = ship(length, () -> {
            throw new IOException("No space left on device");
        });

        assertThat(progress.error()).hasValueSatisfying(why -> assertThat(why)
                .contains("to vault mortal failed: No space left on device")
                .contains("it is tried again"));
        assertThat(progress.stopped()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 300_000, 3 << 20, 12 << 20})
    void vaultThatFindsItselfCorrupt_endsTheShipping_andIsQuoted_howeverMuchIsShipped(int length) {
        VaultProgress progress = ship(length, () -> {
            throw new ContinuityException(FailureKind.CORRUPT, "the disk gave back other bytes", "replace the disk");
        });

        assertThat(progress.error()).hasValue("the disk gave back other bytes. Hint: replace the disk");
        assertThat(progress.stopped()).isTrue();
    }

    private interface Failing {
        void fail() throws IOException;
    }

    private VaultProgress ship(int length, Failing failing) {
        Vault vault = new ForwardingVault(new MortalVault(new Cut(Cut.Mode.FAILS, 0), false)) {
            @Override
            public Draft create(String object) {
                return failing(super.create(object), failing);
            }
        };
        Signal signal = new Signal();
        try (Spool spool = Spool.open(new LocalSpoolDisk(), directory.resolve("spool"), signal)) {
            spool.notes().belongsTo(new Lineage(CLUSTER.system(), SEGMENT));
            spool.begin(new Position(1, new Lsn(2L * SEGMENT)));
            spool.append(incompressible(length), 0, length);
            spool.force();
            VaultShipper shipper = new VaultShipper(
                    vault,
                    CLUSTER,
                    spool,
                    signal,
                    Duration.ofSeconds(10),
                    () -> 0,
                    () -> Instant.EPOCH,
                    Optional::empty,
                    () -> {},
                    new Committing());
            // It ends at its first failure.
            shipper.finish();
            shipper.run();
            return shipper.progress();
        }
    }

    private static Vault.Draft failing(Vault.Draft draft, Failing failing) {
        return new Vault.Draft() {
            @Override
            public void write(int one) throws IOException {
                failing.fail();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                failing.fail();
            }

            @Override
            public Stored commit() {
                return draft.commit();
            }

            @Override
            public void close() {
                draft.close();
            }
        };
    }

    private static byte[] incompressible(int length) {
        Seeds seeds = Seeds.of(11);
        byte[] log = new byte[length];
        for (int i = 0; i < length; i++) {
            log[i] = (byte) seeds.between(0, 255);
        }
        return log;
    }
}
