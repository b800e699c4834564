package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final Lineage LINEAGE = new Lineage("18446744073709551615", 1 << 16);
    private static final Position START = new Position(1, new Lsn(0x0001_FFF0));

    @TempDir
    @SuppressWarnings("NullAway.Init") // made before each test
    Path directory;

    @Test
    void anyCutOfAnyCall_losesNothingThatWasMadeDurable_andLeavesNothingThatWasNotWritten() {
        Seeds.check(400, seeds -> {
            Path spool = Files.createTempDirectory(directory, "cut");
            byte[] log = log(seeds, 300_000);
            CuttingDisk cutting = new CuttingDisk(seeds, seeds.between(0, 90));
            long durable = write(cutting, seeds, spool, log, START.at());
            cutting.losePower();

            try (Spool again = Spool.open(new LocalSpoolDisk(), spool, new Signal())) {
                Lsn end = again.end().map(Position::at).orElse(START.at());
                assertThat(end.minus(START.at())).as("durable after the cut").isGreaterThanOrEqualTo(durable);
                assertSame(again, log);
                if (again.end().isPresent()) {
                    again.begin(again.end().get());
                    int from = (int) end.minus(START.at());
                    again.append(log, from, log.length - from);
                    again.force();
                    assertSame(again, log);
                    assertThat(again.end()).hasValue(new Position(1, START.at().plus(log.length)));
                }
            }
        });
    }

    @Test
    void everyCallCutOnce_oneAfterTheOther() {
        byte[] log = log(Seeds.of(7), 100_000);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            Seeds seeds = Seeds.of(calls);
            Path spool = directory.resolve("cut-" + calls);
            CuttingDisk cutting = new CuttingDisk(seeds, calls);
            long durable = write(cutting, Seeds.of(7), spool, log, START.at());
            cut = cutting.wasCut();
            assertThat(losePower(cutting)).isTrue();
            try (Spool again = Spool.open(new LocalSpoolDisk(), spool, new Signal())) {
                Lsn end = again.end().map(Position::at).orElse(START.at());
                assertThat(end.minus(START.at())).as("after %d calls", calls).isGreaterThanOrEqualTo(durable);
                assertSame(again, log);
            }
            assertThat(calls).isLessThan(2_000);
        }
    }

    @Test
    void fullDisk_namesTheDirectory_andWhatWasDurableStays_andItGoesOnWhenThereIsRoom() {
        CuttingDisk disk = new CuttingDisk(Seeds.of(1), Long.MAX_VALUE);
        byte[] log = log(Seeds.of(1), 50_000);
        try (Spool spool = Spool.open(disk, directory.resolve("spool"), new Signal())) {
            spool.notes().belongsTo(LINEAGE);
            spool.begin(START);
            spool.append(log, 0, 20_000);
            spool.force();
            Position durable = spool.end().orElseThrow();
            disk.full(true);
            assertThatThrownBy(() -> {
                        spool.append(log, 20_000, 30_000);
                        spool.force();
                    })
                    .isInstanceOf(NoRoom.class)
                    .hasMessageContaining(directory.resolve("spool").toString())
                    .hasMessageContaining("No space left");
            assertThat(spool.end()).hasValue(durable);
            disk.full(false);
            spool.begin(durable);
            spool.append(log, 20_000, 30_000);
            spool.force();
            assertSame(spool, log);
            assertThat(spool.end()).hasValue(new Position(1, START.at().plus(log.length)));
        }
    }

    @Test
    void failureToForce_endsTheReceiverForGood() {
        CuttingDisk disk = new CuttingDisk(Seeds.of(1), Long.MAX_VALUE);
        try (Spool spool = Spool.open(disk, directory.resolve("spool"), new Signal())) {
            spool.notes().belongsTo(LINEAGE);
            spool.begin(START);
            spool.append(new byte[100], 0, 100);
            spool.force();
            disk.failToForce();
            spool.append(new byte[100], 0, 100);
            assertThatThrownBy(spool::force)
                    .isInstanceOf(StopReceiving.class)
                    .hasMessageContaining("making the log durable in the spool");
        }
    }

    @Test
    void everyFlippedByte_ofWhatWasLeftBehind_isFoundBeforeItIsShipped() throws IOException {
        Path at = directory.resolve("spool");
        byte[] log = log(Seeds.of(3), 3_000);
        try (Spool spool = Spool.open(new LocalSpoolDisk(), at, new Signal())) {
            spool.notes().belongsTo(LINEAGE);
            spool.begin(START);
            spool.append(log, 0, log.length);
            spool.force();
            Stretch first = spool.stretches().get(0);
            byte[] whole = Files.readAllBytes(first.file());
            for (int i = Frames.HEADER; i < whole.length; i++) {
                byte[] flipped = whole.clone();
                flipped[i] ^= 1;
                Files.write(first.file(), flipped);
                assertThatThrownBy(() -> spool.copy(first, first.start(), first.end(), new ByteArrayOutputStream()))
                        .as("byte %d", i)
                        .isInstanceOf(ContinuityException.class)
                        .extracting(e -> ((ContinuityException) e).kind())
                        .isEqualTo(FailureKind.CORRUPT);
            }
            Files.write(first.file(), Arrays.copyOf(whole, whole.length - 1));
        }
        assertThatThrownBy(
                        () -> Spool.open(new LocalSpoolDisk(), at, new Signal()).close())
                .hasMessageContaining("is corrupt");
    }

    @Test
    void directoryInUse_isRefused() {
        try (Spool spool = Spool.open(new LocalSpoolDisk(), directory, new Signal())) {
            assertThat(spool.end()).isEmpty();
            assertThatThrownBy(() -> Spool.open(new LocalSpoolDisk(), directory, new Signal()))
                    .isInstanceOf(StopReceiving.class)
                    .hasMessageContaining("in use by another receiver");
        }
        Spool.open(new LocalSpoolDisk(), directory, new Signal()).close();
    }

    /** Writes until everything is there or the disk is cut; returns how much was said to be durable. */
    private static long write(SpoolDisk disk, Seeds seeds, Path directory, byte[] log, Lsn start) {
        long durable = 0;
        try (Spool spool = Spool.open(disk, directory, new Signal())) {
            try {
                spool.notes().belongsTo(LINEAGE);
                spool.begin(new Position(1, start));
                for (int at = 0; at < log.length; ) {
                    int length = Math.min(log.length - at, seeds.between(1, 20_000));
                    spool.append(log, at, length);
                    at += length;
                    if (seeds.chance(60) || at == log.length) {
                        spool.force();
                        durable = at;
                    }
                }
            } catch (ContinuityException cut) {
                return durable;
            }
        } catch (ContinuityException cutWhileOpening) {
            return 0;
        }
        return durable;
    }

    private static boolean losePower(CuttingDisk disk) {
        try {
            disk.losePower();
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything that the spool has is what was written, without a gap. */
    private static void assertSame(Spool spool, byte[] log) {
        List<Stretch> stretches = spool.stretches();
        Lsn expected = START.at();
        for (Stretch stretch : stretches) {
            assertThat(stretch.start()).isEqualTo(expected);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                spool.copy(stretch, stretch.start(), stretch.end(), bytes);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            int from = (int) stretch.start().minus(START.at());
            assertThat(bytes.toByteArray()).isEqualTo(Arrays.copyOfRange(log, from, from + bytes.size()));
            assertThat(stretch.start().segmentStart(LINEAGE.segmentSize()).plus(LINEAGE.segmentSize()))
                    .isGreaterThanOrEqualTo(stretch.end());
            expected = stretch.end();
        }
    }

    private static byte[] log(Seeds seeds, int length) {
        byte[] log = new byte[length];
        for (int i = 0; i < length; i += 997) {
            byte[] some = seeds.bytes(997);
            System.arraycopy(some, 0, log, i, Math.min(some.length, length - i));
        }
        return log;
    }
}
