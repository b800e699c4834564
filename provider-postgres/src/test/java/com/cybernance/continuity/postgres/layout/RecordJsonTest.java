package com.cybernance.continuity.postgres.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord.Method;
import com.cybernance.continuity.postgres.layout.BackupRecord.Part;
import com.cybernance.continuity.postgres.layout.BackupRecord.Tablespace;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
    private static final String PREFIX = "pg/7123456789012345678/base/20261123t100000z-00000001-0000000003000028/";
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final String OTHER = "fedcba9876543210".repeat(4);

    private static final BackupRecord BACKUP = new BackupRecord(
            "20261123t100000z-00000001-0000000003000028",
            "7123456789012345678",
            170_009,
            1,
            Lsn.parse("0/3000028"),
            Lsn.parse("0/3000158"),
            Instant.parse("2026-11-23T10:00:00.123456Z"),
            Instant.parse("2026-11-23T10:00:05.5Z"),
            "2026-11-23",
            "continuity 2026-11-23",
            true,
            3_012,
            16 << 20,
            Method.REPLICATION,
            List.of(
                    new Part(PREFIX + "data.tar.zst", 4_194_304, DIGEST, 31_457_280),
                    new Part(PREFIX + "tablespace-16385.tar.zst", 512, OTHER, 10_240),
                    new Part(PREFIX + "backup-manifest", 178_000, DIGEST, 178_000)),
            List.of(new Tablespace(16_385, "/srv/\"fast\"", PREFIX + "tablespace-16385.tar.zst")));

    private static final CommitMark FIRST = mark("2026-11-23T10:00:07.000002Z", "0/3000180", "0/30001B8");
    private static final CommitMark LAST = mark("2026-11-23T10:00:07.000001Z", "0/30001B8", "0/30001F0");

    private static final PieceIndex INDEX = new PieceIndex(
            new Piece(1, Lsn.parse("0/3000158"), Lsn.parse("0/3000200")),
            DIGEST,
            OTHER,
            2,
            Optional.of(FIRST),
            Optional.of(LAST),
            Optional.of(FIRST),
            Optional.of(LAST),
            Optional.of(new Complete(Instant.parse("2026-11-23T10:00:08Z"), Lsn.parse("0/3000200"))));

    private static final PieceIndex IDLE = new PieceIndex(
            INDEX.piece(),
            DIGEST,
            OTHER,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final Hole HOLE = new Hole(
            2,
            Lsn.parse("0/5000000"),
            Lsn.parse("0/7000000"),
            "the server had removed it",
            Instant.parse("2026-11-23T11:00:00Z"));

    @Test
    void records_areWrittenAsTheyAlwaysWere() {
        assertThat(text(RecordJson.write(BACKUP))).isEqualTo(golden("backup-1.json"));
        assertThat(text(RecordJson.write(INDEX))).isEqualTo(golden("index-1.json"));
        assertThat(text(RecordJson.write(IDLE))).isEqualTo(golden("index-idle-1.json"));
        assertThat(text(RecordJson.write(HOLE))).isEqualTo(golden("hole-1.json"));
    }

    @Test
    void records_areReadAsTheyWereWritten() {
        assertThat(RecordJson.readBackup(bytes(golden("backup-1.json")))).isEqualTo(BACKUP);
        assertThat(RecordJson.readIndex(bytes(golden("index-1.json")))).isEqualTo(INDEX);
        assertThat(RecordJson.readIndex(bytes(golden("index-idle-1.json")))).isEqualTo(IDLE);
        assertThat(RecordJson.readHole(bytes(golden("hole-1.json")))).isEqualTo(HOLE);
    }

    @Test
    void times_areCutToMicroseconds() {
        Hole late = new Hole(1, Lsn.ZERO, new Lsn(1), "x", Instant.parse("2026-11-23T11:00:00.999999999Z"));

        assertThat(RecordJson.readHole(RecordJson.write(late)).noticedAt()).isEqualTo("2026-11-23T11:00:00.999999Z");
    }

    @Test
    void read_passesOverKeysThatItDoesNotKnow() {
        String more = golden("hole-1.json").replace("\"why\"", "\"colour\" : \"blue\", \"why\"");

        assertThat(RecordJson.readHole(bytes(more))).isEqualTo(HOLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup-1.json", "index-1.json", "hole-1.json"})
    void read_ofANewerFormat_saysSo(String name) {
        byte[] newer =
                bytes(golden(name).replace("\"format\" : 1", "\"format\" : 2").replace("timeline", "branch"));

        assertThatThrownBy(() -> reader(name).accept(newer))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("has format 2, and this release reads formats up to 1")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backup-1.json | \"timeline\" : 1, | '' | timeline is missing",
                "backup-1.json | \"timeline\" : 1 | \"timeline\" : 0 | timeline is 0, expected a whole number from 1",
                "backup-1.json | \"timeline\" : 1 | \"timeline\" : 2 | id is \"20261123t100000z-00000001-0000000003000028\", expected a start time, then timeline 2",
                "backup-1.json | 0000000003000158 | 0000000003000028 | stop is \"0000000003000028\", expected a position after start",
                "backup-1.json | 16777216 | 16777215 | segmentSize is 16777215, expected a power of two",
                "backup-1.json | 4194304 | -1 | objects[0].size is -1",
                "backup-1.json | data.tar.zst | ../../x | objects[0].name is",
                "backup-1.json | \"oid\" : 16385 | \"oid\" : \"16385\" | tablespaces[0].oid is \"16385\", expected a whole number",
                "backup-1.json | true | 1 | pageChecksums is 1, expected true or false",
                "backup-1.json | replication | magic | method is \"magic\", expected replication or sql",
                "backup-1.json | 10:00:05.500000Z | 10:00:05.5Z | stoppedAt is",
                "backup-1.json | 2026-11-23T | 2026-02-30T | startedAt is",
                "index-1.json | \"commits\" : 2 | \"commits\" : 0 | commits is 0, expected a first",
                "index-1.json | fedcba | FEDCBA | object is",
                "index-1.json | 00000000030001f0 | 0000000003000280 | lastCommit.end is",
                "hole-1.json | 0000000007000000 | 0000000004000000 | to is \"0000000004000000\", expected a position after from",
                "hole-1.json | \"from\" | \"why\" | it is not JSON at line 6",
            })
    void read_ofADamagedField_saysWhichAndWhatIsThere(String name, String good, String bad, String told) {
        byte[] damaged = bytes(golden(name).replace(good, bad));

        assertThatThrownBy(() -> reader(name).accept(damaged))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining(told)
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void read_ofWhatIsNoRecord_isCorrupt() {
        for (byte[] nothing : List.of(
                bytes(""),
                bytes("null"),
                bytes("[]"),
                bytes("{}"),
                bytes(golden("hole-1.json") + "{}"),
                bytes("[".repeat(100_000)),
                new byte[] {(byte) 0xC0, (byte) 0x80},
                new byte[RecordJson.MOST_BYTES + 1])) {
            assertCorrupt(RecordJson::readBackup, nothing);
            assertCorrupt(RecordJson::readIndex, nothing);
            assertCorrupt(RecordJson::readHole, nothing);
        }
    }

    @Test
    void read_ofACutRecord_isCorrupt() {
        for (String name : List.of("backup-1.json", "index-1.json", "hole-1.json")) {
            byte[] whole = bytes(golden(name));
            for (int length = 0; length < whole.length; length++) {
                assertCorrupt(reader(name), Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void read_ofAFlippedByte_failsOnlyInItsOwnWords() {
        Seeds.check(20_000, seeds -> {
            String name = seeds.pick("backup-1.json", "index-1.json", "hole-1.json");
            byte[] damaged = bytes(golden(name));
            damaged[seeds.between(0, damaged.length - 1)] ^= (byte) (1 << seeds.between(0, 7));
            try {
                reader(name).accept(damaged);
            } catch (ContinuityException known) {
                assertThat(known.kind()).isIn(FailureKind.CORRUPT, FailureKind.UNSUPPORTED);
            }
        });
    }

    @Test
    void write_refusesWhatNobodyCouldRead() {
        Hole huge = new Hole(1, Lsn.ZERO, new Lsn(1), "x".repeat(RecordJson.MOST_BYTES), Instant.EPOCH);

        assertThatThrownBy(() -> RecordJson.write(huge))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("expected at most 1048576");
    }

    private static void assertCorrupt(Consumer<byte[]> reader, byte[] damaged) {
        assertThatThrownBy(() -> reader.accept(damaged))
                .isInstanceOf(ContinuityException.class)
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.CORRUPT);
    }

    private static Consumer<byte[]> reader(String name) {
        return switch (name) {
            case "backup-1.json" -> RecordJson::readBackup;
            case "index-1.json" -> RecordJson::readIndex;
            default -> RecordJson::readHole;
        };
    }

    private static CommitMark mark(String at, String start, String end) {
        return new CommitMark(Instant.parse(at), Lsn.parse(start), Lsn.parse(end));
    }

    private static String golden(String name) {
        try (InputStream file = RecordJsonTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
