package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import com.cybernance.continuity.testkit.Seeds;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the spool gives up because a vault says that it has it. */
class HoldingsTest {
    private static final int SEGMENT = 1 << 16;
    private static final Cluster CLUSTER = new Cluster("7000000000000000042");
    private static final Lsn START = new Lsn(2L * SEGMENT);
    private static final byte[] LOG = log(5 * SEGMENT / 2);

    private final MortalVault vault = new MortalVault(new Cut(Cut.Mode.FAILS, 0), false);

    @TempDir
    @SuppressWarnings("NullAway.Init") // made before each test
    Path directory;

    @Test
    void foreignPieceOverSeveralSegments_isNotTakenForWhatWasReceived() throws IOException {
        put(new Piece(1, START, START.plus(LOG.length)), new byte[100]);

        try (Spool spool = spool(LOG.length)) {
            VaultProgress progress = ship(spool, () -> {});

            assertThat(progress.error()).isEmpty();
            assertThat(logInTheVault()).isEqualTo(LOG);
        }
    }

    @Test
    void pieceWithOtherBytesThanTheSpool_stopsTheShipping_andTheSpoolKeepsItsOwn() throws IOException {
        byte[] other = Arrays.copyOf(LOG, SEGMENT);
        other[SEGMENT / 2]++;
        put(new Piece(1, START, START.plus(SEGMENT)), other);

        try (Spool spool = spool(LOG.length)) {
            List<Stretch> before = spool.stretches();
            VaultProgress progress = ship(spool, () -> {});

            assertThat(progress.stopped()).isTrue();
            assertThat(progress.error())
                    .hasValueSatisfying(why -> assertThat(why).contains("bytes other than those that the server sent"));
            assertThat(spool.stretches()).isEqualTo(before);
        }
    }

    @Test
    void pieceThatCannotBeUnpacked_stopsTheShipping() throws IOException {
        Piece piece = new Piece(1, START, START.plus(SEGMENT));
        try (Vault.Draft draft = vault.create(piece.object(CLUSTER))) {
            draft.write("no piece at all, and long enough for its beginning to be looked at"
                    .getBytes(StandardCharsets.US_ASCII));
            draft.commit();
        }

        try (Spool spool = spool(LOG.length)) {
            assertThat(ship(spool, () -> {}).error())
                    .hasValueSatisfying(why -> assertThat(why).contains("cannot be unpacked"));
            assertThat(spool.stretches()).hasSize(3);
        }
    }

    @Test
    void pieceOfWhatIsStillToCome_isNotTakenForIt() throws IOException {
        int known = SEGMENT + 100;
        put(new Piece(1, START.plus(known), START.plus(2L * SEGMENT - 5)), new byte[SEGMENT - 105]);

        try (Spool spool = spool(known)) {
            VaultProgress progress = ship(spool, () -> append(spool, known));

            assertThat(progress.error()).isEmpty();
            assertThat(logInTheVault()).isEqualTo(LOG);
        }
    }

    @Test
    void pieceThatHasTheNameOfWhatIsStillToCome_stopsTheShipping_andTheSpoolKeepsItsOwn() throws IOException {
        int known = SEGMENT + 100;
        put(new Piece(1, START.plus(known), START.plus(2L * SEGMENT)), new byte[SEGMENT - 100]);

        try (Spool spool = spool(known)) {
            assertThat(ship(spool, () -> append(spool, known)).stopped()).isTrue();
            assertThat(spool.stretches()).anyMatch(stretch -> stretch.start().equals(START.plus(SEGMENT)));
        }
    }

    @Test
    void whatTheVaultHasOfTheSpool_isComparedAndNotShippedAgain() throws IOException {
        put(new Piece(1, START, START.plus(1000)), Arrays.copyOf(LOG, 1000));
        put(new Piece(1, START.plus(1000), START.plus(SEGMENT)), Arrays.copyOfRange(LOG, 1000, SEGMENT));

        try (Spool spool = spool(LOG.length)) {
            VaultProgress progress = ship(spool, () -> {});

            assertThat(progress.error()).isEmpty();
            assertThat(pieces()).hasSize(4).contains(new Piece(1, START, START.plus(1000)));
            assertThat(spool.stretches()).hasSize(1);
        }
    }

    @Test
    void stretchThatIsGivenUpWhileItIsCompared_isPassedOver_andOneThatIsGoneOtherwiseIsNot() throws IOException {
        put(new Piece(1, START, START.plus(SEGMENT)), Arrays.copyOf(LOG, SEGMENT));
        try (Spool spool = spool(LOG.length)) {
            Stretch first = spool.stretches().get(0);
            AtomicBoolean givenUp = new AtomicBoolean();
            Vault meanwhile = new ForwardingVault(vault) {
                @Override
                public InputStream open(String object) {
                    if (givenUp.get()) {
                        spool.remove(first);
                    }
                    return super.open(object);
                }
            };
            Coverage held = new Coverage();
            Holdings holdings =
                    new Holdings(meanwhile, CLUSTER, spool, new PieceWriter(meanwhile, CLUSTER, spool), held);
            Files.move(first.file(), directory.resolve("moved"));
            assertThatThrownBy(holdings::look)
                    .isInstanceOf(ContinuityException.class)
                    .hasMessageContaining("failed");
            Files.move(directory.resolve("moved"), first.file());

            givenUp.set(true);
            holdings.look();

            assertThat(spool.stretches()).doesNotContain(first);
            assertThat(held.covers(1, START, START.plus(1))).isFalse();
        }
    }

    private Spool spool(int length) {
        Spool spool = Spool.open(new LocalSpoolDisk(), directory.resolve("spool"), new Signal());
        spool.notes().belongsTo(new Lineage(CLUSTER.system(), SEGMENT));
        spool.begin(new Position(1, START));
        spool.append(LOG, 0, length);
        spool.force();
        return spool;
    }

    private static byte[] log(int length) {
        Seeds seeds = Seeds.of(3);
        byte[] log = new byte[length];
        for (int i = 0; i < length; i++) {
            log[i] = (byte) seeds.between(0, 255);
        }
        return log;
    }

    private static void append(Spool spool, int from) {
        spool.append(LOG, from, LOG.length - from);
        spool.force();
    }

    /** Ships all that there is, and then what comes after that. */
    private VaultProgress ship(Spool spool, Runnable then) {
        List<VaultShipper> shippers = new ArrayList<>();
        VaultShipper shipper = new VaultShipper(
                vault,
                CLUSTER,
                spool,
                new Signal(),
                Duration.ofSeconds(10),
                () -> 0,
                () -> Instant.EPOCH,
                Optional::empty,
                () -> Shipping.prune(spool, shippers),
                new Committing());
        shippers.add(shipper);
        shipper.finish();
        shipper.run();
        then.run();
        shipper.run();
        return shipper.progress();
    }

    private void put(Piece piece, byte[] log) throws IOException {
        try (Vault.Draft draft = vault.create(piece.object(CLUSTER))) {
            draft.write(Zstd.compress(log));
            draft.commit();
        }
    }

    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        vault.list(CLUSTER.log(), stored -> Piece.of(CLUSTER, stored.name()).ifPresent(pieces::add));
        return pieces;
    }

    /** From pieces within one segment each; zeros where there is none. */
    private byte[] logInTheVault() throws IOException {
        byte[] all = new byte[LOG.length];
        for (Piece piece : pieces()) {
            if (piece.within(SEGMENT)) {
                try (InputStream in = new ZstdInputStream(vault.open(piece.object(CLUSTER)))) {
                    byte[] log = in.readAllBytes();
                    System.arraycopy(log, 0, all, (int) piece.start().minus(START), log.length);
                }
            }
        }
        return all;
    }
}
