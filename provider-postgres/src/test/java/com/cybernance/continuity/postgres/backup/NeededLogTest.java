package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeededLogTest {
    private static final Cluster CLUSTER = new Cluster("7000000000000000001");
    private static final int SEGMENT = 1 << 20;
    private static final Lsn FROM = new Lsn(3L << 20);
    private static final Lsn TO = FROM.plus(100_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Vault vault;

    private Lsn toDemand = TO;

    @BeforeEach
    void makeVault() {
        vault = DirectoryVault.initialize("vault", directory.resolve("vault"));
    }

    @Test
    void soundLog_inPiecesOfAnyLength_counts() throws IOException {
        put(FROM, log(FROM, 8192 + 3));
        put(FROM.plus(8192 + 3), log(FROM.plus(8192 + 3), 20));
        put(FROM.plus(8192 + 23), log(FROM.plus(8192 + 23), 200_000));

        assertThatCode(() -> needed().require()).doesNotThrowAnyException();
    }

    @Test
    void pieceOverTwoSegments_isNone() throws IOException {
        put(FROM.plus(-10), new byte[200_000]);

        assertThat(needed().coverage().gaps()).containsExactly(new LogCoverage.Gap(FROM, TO));
        assertRefused(FailureKind.NOT_FOUND, "is not in vault");
    }

    @Test
    void pieceThatIsShorterThanItsNameSays_isTold() throws IOException {
        put(new Piece(1, FROM, TO.plus(8)), log(FROM, 99_000));

        assertRefused(FailureKind.CORRUPT, "it ends at " + FROM.plus(99_000));
    }

    @Test
    void pieceThatIsLongerThanItsNameSays_isTold() throws IOException {
        put(new Piece(1, FROM, TO.plus(8)), log(FROM, 110_000));

        assertRefused(FailureKind.CORRUPT, "it goes on behind its end");
    }

    @Test
    void pieceThatIsNoZstd_isTold() throws IOException {
        try (Vault.Draft draft = vault.create(new Piece(1, FROM, TO).object(CLUSTER))) {
            draft.write(log(FROM, 100_000));
            draft.commit();
        }

        assertRefused(FailureKind.CORRUPT, "it cannot be unpacked");
    }

    @Test
    void logOfAnotherPlace_isTold() throws IOException {
        put(new Piece(1, FROM, TO), log(FROM.plus(SEGMENT), 100_000));

        assertRefused(FailureKind.CORRUPT, "says that it is at " + FROM.plus(SEGMENT));
    }

    @Test
    void logOfAnotherCluster_isTold() throws IOException {
        byte[] bytes = log(FROM, 100_000);
        bytes[24]++;
        put(new Piece(1, FROM, TO), bytes);

        assertRefused(FailureKind.CORRUPT, "is of system 7000000000000000002");
    }

    @Test
    void pageWithoutAHead_isToldUnlessItIsEmpty() throws IOException {
        byte[] bytes = log(FROM, 20 * 8192);
        Arrays.fill(bytes, 15 * 8192, 20 * 8192, (byte) 0);
        put(new Piece(1, FROM, FROM.plus(20 * 8192)), bytes);
        assertThatCode(() -> needed().require()).doesNotThrowAnyException();

        byte[] after = log(FROM.plus(14 * 8192), 6 * 8192);
        Arrays.fill(after, 8192, 6 * 8192, (byte) 0);
        after[2 * 8192 - 1] = 1;
        put(new Piece(1, FROM.plus(14 * 8192), FROM.plus(20 * 8192)), after);
        toDemand = FROM.plus(15 * 8192);

        assertRefused(FailureKind.CORRUPT, "has no head");
    }

    @Test
    void pieceThatIsRotten_isTold() throws IOException {
        String object = new Piece(1, FROM, TO).object(CLUSTER);
        put(new Piece(1, FROM, TO), log(FROM, 100_000));
        try (RandomAccessFile content = new RandomAccessFile(
                directory.resolve("vault").resolve(object).resolve("content").toFile(), "rw")) {
            content.seek(20);
            int was = content.read();
            content.seek(20);
            content.write(was ^ 1);
        }

        assertRefused(FailureKind.CORRUPT, object);
    }

    @Test
    void zerosInPlaceOfLog_areTold() throws IOException {
        put(new Piece(1, FROM, TO), new byte[100_000]);

        assertRefused(FailureKind.CORRUPT, "the segment at %s begins with an empty page".formatted(FROM));
    }

    @Test
    void zerosBehindWhereATimelineWasLeft_upToTheStop_areTold() throws IOException {
        byte[] bytes = log(FROM, 100_000);
        Arrays.fill(bytes, 5 * 8192, bytes.length, (byte) 0);
        put(new Piece(1, FROM, TO), bytes);

        assertRefused(
                FailureKind.CORRUPT,
                "the page at %s is empty, and the backup needs the log up to %s".formatted(FROM.plus(5 * 8192), TO));
    }

    @Test
    void contentBehindAnEmptyPage_isTold_alsoInTheNextPiece() throws IOException {
        Lsn half = FROM.plus(SEGMENT / 2);
        byte[] bytes = log(FROM, SEGMENT / 2);
        Arrays.fill(bytes, 9 * 8192, bytes.length, (byte) 0);
        put(FROM, bytes);
        put(half, log(half, SEGMENT / 2));
        put(FROM.plus(SEGMENT), log(FROM.plus(SEGMENT), 8192));
        toDemand = FROM.plus(SEGMENT + 4096);

        assertRefused(
                FailureKind.CORRUPT,
                "the page at %s is empty, and the one at %s behind it is not".formatted(FROM.plus(9 * 8192), half));
    }

    @Test
    void restOfASegmentThatTheServerLeftEarly_mayBeEmpty() throws IOException {
        byte[] bytes = log(FROM, SEGMENT);
        Arrays.fill(bytes, 9 * 8192, bytes.length, (byte) 0);
        put(FROM, bytes);
        put(FROM.plus(SEGMENT), log(FROM.plus(SEGMENT), 8192));
        toDemand = FROM.plus(SEGMENT + 4096);
        assertThatCode(() -> needed().require()).doesNotThrowAnyException();

        // A stop behind a switch is where the next segment begins.
        toDemand = FROM.plus(SEGMENT);
        assertThatCode(() -> needed().require()).doesNotThrowAnyException();
    }

    @Test
    void refusal_saysOnceWhatAndOnceWhatToDo() throws IOException {
        put(new Piece(1, FROM, TO), new byte[100_000]);
        assertToldOnce();

        vault = DirectoryVault.initialize("rotten", directory.resolve("rotten"));
        String object = new Piece(1, FROM, TO).object(CLUSTER);
        put(new Piece(1, FROM, TO), log(FROM, 100_000));
        try (RandomAccessFile content = new RandomAccessFile(
                directory.resolve("rotten").resolve(object).resolve("content").toFile(), "rw")) {
            content.seek(20);
            int was = content.read();
            content.seek(20);
            content.write(was ^ 1);
        }
        assertToldOnce();
    }

    private void assertToldOnce() {
        assertThatThrownBy(() -> needed().require())
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT))
                .message()
                .containsOnlyOnce("Hint: ")
                .containsOnlyOnce("holds as log");
    }

    private NeededLog needed() {
        return new NeededLog(vault, CLUSTER, 1, SEGMENT, FROM, toDemand);
    }

    private void assertRefused(FailureKind kind, String words) {
        assertThatThrownBy(() -> needed().require())
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private void put(Lsn start, byte[] bytes) throws IOException {
        put(new Piece(1, start, start.plus(bytes.length)), bytes);
    }

    private void put(Piece piece, byte[] bytes) throws IOException {
        try (Packed packed = new Packed(vault, piece.object(CLUSTER), 1)) {
            packed.write(bytes);
            packed.commit();
        }
    }

    /** Pages as the server begins them, with something in them. */
    private static byte[] log(Lsn from, int length) {
        int before = (int) (from.value() & 8191);
        ByteBuffer pages = ByteBuffer.allocate(before + length + 8192).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(pages.array(), (byte) 7);
        for (int at = 0; at + 40 <= pages.capacity(); at += 8192) {
            Lsn page = from.plus(at - before);
            boolean first = page.equals(page.segmentStart(SEGMENT));
            pages.putShort(at, (short) 0xD116).putShort(at + 2, (short) (first ? 2 : 0));
            pages.putLong(at + 8, page.value());
            if (first) {
                pages.putLong(at + 24, Long.parseUnsignedLong(CLUSTER.system()));
            }
        }
        return Arrays.copyOfRange(pages.array(), before, before + length);
    }
}
