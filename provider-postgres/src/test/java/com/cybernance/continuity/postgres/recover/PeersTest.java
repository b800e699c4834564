package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@code pg_verifybackup} and {@code pgbackrest verify} find of the kinds of damage that they can know. Ours are in
 * {@link Defects}, by the same names. What is written down in {@code docs/verifying-compared.md} comes from here.
 */
@Tag("bar")
class PeersTest {
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Peers peers;

    /** Does something to a directory. */
    @FunctionalInterface
    private interface Harm {
        void to(Path root) throws IOException;
    }

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory("peers");
        peers = new Peers(directory);
        peers.sql("CREATE TABLESPACE apart LOCATION '%s'".formatted(directory.resolve("elsewhere")));
        peers.sql("CREATE TABLE apart TABLESPACE apart AS SELECT generate_series(1, 1000) n");
        peers.sql("CREATE TABLE rows AS SELECT n, md5(n::text) FROM generate_series(1, 20000) n");
        peers.pgbackrest("stanza-create");
    }

    @AfterAll
    static void close() throws Exception {
        peers.close();
        Trees.delete(new LocalRestoreDisk(), directory);
    }

    @Test
    void verifiers_ofOthers_onTheSameKindsOfDamage() throws Exception {
        System.out.println(peers.versions());
        Map<String, Boolean> plain = plainBackup();
        Map<String, Boolean> repository = repository();

        List<String> ours = Defects.ALL.stream().map(Defects::name).toList();
        plain.forEach((kind, found) -> System.out.printf("pg_verifybackup    %-45s %s%n", kind, found));
        repository.forEach((kind, found) -> System.out.printf("pgbackrest verify  %-45s %s%n", kind, found));
        System.out.printf(
                "pg_verifybackup finds %d of %d kinds, pgbackrest verify %d of %d%n",
                count(plain), plain.size(), count(repository), repository.size());
        assertThat(ours).containsAll(plain.keySet()).containsAll(repository.keySet());
        assertThat(plain).containsEntry("BASE_BIT_FLIPPED", true);
        assertThat(repository).containsEntry("BASE_BIT_FLIPPED", true);
    }

    private static long count(Map<String, Boolean> kinds) {
        return kinds.values().stream().filter(found -> found).count();
    }

    private static Map<String, Boolean> plainBackup() throws IOException {
        Path whole = directory.resolve("plain");
        peers.baseBackup(whole);
        assertThat(peers.verifyBackup(whole).code()).as("a clean backup").isZero();
        String relation = relation();
        Map<String, Harm> kinds = new LinkedHashMap<>();
        kinds.put("BASE_BIT_FLIPPED", root -> edit(root, relation, PeersTest::flipped));
        kinds.put("BASE_CUT", root -> edit(root, relation, PeersTest::half));
        kinds.put("BASE_EMPTY", root -> edit(root, relation, bytes -> new byte[0]));
        kinds.put("FILE_MISSING", root -> Files.delete(root.resolve(relation)));
        kinds.put(
                "TABLESPACE_MISSING",
                root -> Trees.delete(new LocalRestoreDisk(), root.resolveSibling(root.getFileName() + "-apart")));
        kinds.put(
                "FOREIGN_OBJECT_BESIDE_THE_BASE", root -> Files.writeString(root.resolve("base/1/999999"), "not ours"));
        kinds.put("MANIFEST_MISSING", root -> Files.delete(root.resolve("backup_manifest")));
        kinds.put(
                "MANIFEST_EDITED",
                root -> edit(root, "backup_manifest", bytes -> {
                    bytes[200] ^= 1;
                    return bytes;
                }));
        kinds.put("MANIFEST_CUT", root -> edit(root, "backup_manifest", PeersTest::half));
        kinds.put(
                "MANIFEST_LEAVES_A_FILE_OUT",
                root -> manifest(root, text -> text.replaceFirst("\\{ \"Path\": \"PG_VERSION\"[^}]*\\},?\n", "")));
        kinds.put(
                "MANIFEST_NAMES_A_FILE_MORE",
                root -> manifest(
                        root,
                        text -> text.replaceFirst(
                                "\"Files\": \\[\n",
                                "\"Files\": [\n{ \"Path\": \"base/1/999999\", \"Size\": 0, \"Last-Modified\": \"2026-11-23 00:00:00 GMT\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"00000000\" },\n")));
        kinds.put(
                "MANIFEST_OF_ANOTHER_RANGE",
                root -> manifest(root, text -> text.replaceFirst("\"End-LSN\": \"0/", "\"End-LSN\": \"1/")));
        kinds.put("PAGE_DAMAGED_BEFORE_THE_BACKUP", root -> agreed(root, relation, PeersTest::flipped));
        kinds.put(
                "CONTROL_FILE_TORN",
                root -> agreed(root, "global/pg_control", bytes -> {
                    bytes[100] ^= 1;
                    return bytes;
                }));
        kinds.put("CONTROL_FILE_OF_ANOTHER_CLUSTER", root -> agreed(root, "global/pg_control", PeersTest::foreign));
        kinds.put("VERSION_OF_ANOTHER_SERVER", root -> agreed(root, "PG_VERSION", bytes -> text("14\n")));
        kinds.put(
                "LABEL_EDITED",
                root -> agreed(
                        root,
                        "backup_label",
                        bytes -> text(new String(bytes, StandardCharsets.UTF_8)
                                .replaceFirst("START WAL LOCATION: 0/", "START WAL LOCATION: 1/"))));
        kinds.put("LABEL_MISSING", root -> {
            manifest(root, text -> text.replaceFirst("\\{ \"Path\": \"backup_label\"[^}]*\\},?\n", ""));
            Files.delete(root.resolve("backup_label"));
        });
        String log = only(whole.resolve("pg_wal"), "[0-9A-F]{24}");
        kinds.put(
                "FIRST_PIECE_MISSING",
                root -> Files.delete(root.resolve("pg_wal").resolve(log)));
        kinds.put("PIECE_BIT_FLIPPED", root -> edit(root, "pg_wal/" + log, PeersTest::flippedEarly));
        kinds.put("PIECE_OF_ZEROS", root -> edit(root, "pg_wal/" + log, bytes -> new byte[bytes.length]));
        kinds.put("PIECE_EMPTY", root -> edit(root, "pg_wal/" + log, bytes -> new byte[0]));
        kinds.put(
                "PIECE_OF_ANOTHER_CLUSTER",
                root -> edit(root, "pg_wal/" + log, bytes -> {
                    bytes[24] ^= 1;
                    return bytes;
                }));
        Map<String, Boolean> found = new LinkedHashMap<>();
        for (Map.Entry<String, Harm> kind : kinds.entrySet()) {
            Path damaged = directory.resolve("damaged");
            Peers.copy(whole, damaged);
            Path apart = damaged.resolveSibling("damaged-apart");
            Peers.copy(whole.resolveSibling("plain-apart"), apart);
            Path link = damaged.resolve("pg_tblspc").resolve(only(damaged.resolve("pg_tblspc"), "[0-9]+"));
            Files.delete(link);
            Files.createSymbolicLink(link, apart);
            assertThat(peers.verifyBackup(damaged).code()).as("the copy").isZero();
            kind.getValue().to(damaged);
            found.put(kind.getKey(), peers.verifyBackup(damaged).code() != 0);
            Trees.delete(new LocalRestoreDisk(), damaged);
            Trees.delete(new LocalRestoreDisk(), apart);
        }
        return found;
    }

    private static Map<String, Boolean> repository() throws IOException {
        peers.pgbackrest("--type=full", "backup");
        for (int i = 0; i < 3; i++) {
            peers.sql("INSERT INTO rows SELECT n, 'more' FROM generate_series(1, 100) n");
            peers.sql("SELECT pg_switch_wal()");
        }
        peers.pgbackrest("check");
        Path whole = directory.resolve("whole");
        Peers.copy(peers.repository(), whole);
        assertThat(isFound())
                .as("a clean repository: %s", peers.verify().said())
                .isFalse();
        Path backups = Path.of("backup/main");
        String backup =
                backups.resolve(only(whole.resolve(backups), "[0-9-]+F")).toString();
        String relation = backup + "/pg_data/" + relation() + ".zst";
        String archive = "archive/main/" + only(whole.resolve("archive/main"), "[0-9]+-1") + "/0000000100000000";
        List<String> log = all(whole.resolve(archive), "[0-9A-F]{24}-.*").stream()
                .map(name -> archive + "/" + name)
                .toList();
        String label = only(whole.resolve(archive), "[0-9A-F]{24}\\..*backup");
        String needed = log.stream()
                .filter(name -> name.contains(label.substring(0, 24)))
                .findFirst()
                .orElseThrow();
        String middle = log.get(log.size() - 2);
        String last = log.get(log.size() - 1);
        Map<String, Harm> kinds = new LinkedHashMap<>();
        kinds.put("BASE_BIT_FLIPPED", root -> edit(root, relation, PeersTest::flipped));
        kinds.put("BASE_CUT", root -> edit(root, relation, PeersTest::half));
        kinds.put("BASE_EMPTY", root -> edit(root, relation, bytes -> new byte[0]));
        kinds.put("FILE_MISSING", root -> Files.delete(root.resolve(relation)));
        kinds.put(
                "BASE_MISSING",
                root -> Trees.delete(
                        new LocalRestoreDisk(), root.resolve(backup).resolve("pg_data")));
        kinds.put(
                "TABLESPACE_MISSING",
                root -> Trees.delete(
                        new LocalRestoreDisk(), root.resolve(backup).resolve("pg_tblspc")));
        kinds.put(
                "FOREIGN_OBJECT_BESIDE_THE_BASE",
                root -> Files.writeString(root.resolve(backup + "/pg_data/base/1/999999.zst"), "not ours"));
        // Of everything that it keeps twice, both.
        kinds.put("MANIFEST_MISSING", root -> {
            Files.delete(root.resolve(backup + "/backup.manifest"));
            Files.delete(root.resolve(backup + "/backup.manifest.copy"));
        });
        kinds.put("MANIFEST_EDITED", root -> twice(root, backup + "/backup.manifest", PeersTest::flipped));
        kinds.put("MANIFEST_CUT", root -> twice(root, backup + "/backup.manifest", PeersTest::half));
        kinds.put("FIRST_PIECE_MISSING", root -> Files.delete(root.resolve(needed)));
        kinds.put("MIDDLE_PIECE_MISSING", root -> Files.delete(root.resolve(middle)));
        kinds.put("LAST_PIECE_MISSING", root -> Files.delete(root.resolve(last)));
        kinds.put("PIECE_BIT_FLIPPED", root -> edit(root, middle, PeersTest::flipped));
        kinds.put("PIECE_EMPTY", root -> edit(root, middle, bytes -> new byte[0]));
        kinds.put("PIECE_SHORTER_THAN_ITS_NAME", root -> edit(root, middle, PeersTest::half));
        kinds.put(
                "PIECE_RENAMED",
                root -> Files.move(
                        root.resolve(middle),
                        root.resolve(middle.replace(
                                archive + "/0000000100000000000000", archive + "/0000000100000000000001"))));
        kinds.put("STRAY_NAME_IN_THE_LOG", root -> Files.writeString(root.resolve(archive + "/notes.txt"), "hello"));
        Map<String, Boolean> found = new LinkedHashMap<>();
        for (Map.Entry<String, Harm> kind : kinds.entrySet()) {
            Trees.delete(new LocalRestoreDisk(), peers.repository());
            Peers.copy(whole, peers.repository());
            kind.getValue().to(peers.repository());
            found.put(kind.getKey(), isFound());
        }
        return found;
    }

    private static boolean isFound() throws IOException {
        Peers.Answer answer = peers.verify();
        return answer.code() != 0
                || answer.said().contains("status: error")
                || answer.said().contains("status: manifest missing")
                || answer.said().contains("ERROR")
                || answer.said().contains("WARN");
    }

    private static String relation() throws IOException {
        return peers.sql("SELECT pg_relation_filepath('rows')");
    }

    private static void edit(Path root, String name, UnaryOperator<byte[]> change) throws IOException {
        byte[] old = Files.readAllBytes(root.resolve(name));
        byte[] changed = change.apply(old.clone());
        assertThat(changed).as(name).isNotEqualTo(old);
        try (RandomAccessFile file = new RandomAccessFile(root.resolve(name).toFile(), "rw")) {
            file.setLength(0);
            file.write(changed);
        }
    }

    private static void twice(Path root, String name, UnaryOperator<byte[]> change) throws IOException {
        edit(root, name, change);
        edit(root, name + ".copy", change);
    }

    /** Edits the manifest and gives it its own checksum again. */
    private static void manifest(Path root, UnaryOperator<String> change) throws IOException {
        edit(root, "backup_manifest", bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            String edited = change.apply(text.substring(0, text.indexOf("\"Manifest-Checksum\"")));
            // A list does not end with a comma.
            return ManifestWriter.sealed(edited.replace("},\n],", "}\n],"));
        });
    }

    /** Changes a file, and the manifest with it; a file that ends with its own checksum and zeros keeps its CRC. */
    private static void agreed(Path root, String name, UnaryOperator<byte[]> change) throws IOException {
        String before = entry(root, name);
        edit(root, name, change);
        byte[] now = Files.readAllBytes(root.resolve(name));
        CRC32C crc = new CRC32C();
        crc.update(now);
        String after = before.replaceFirst("\"Size\": [0-9]+", "\"Size\": " + now.length)
                .replaceFirst(
                        "\"Checksum\": \"[0-9a-f]{8}",
                        "\"Checksum\": \"%08x".formatted(Integer.reverseBytes((int) crc.getValue())));
        if (!after.equals(before)) {
            manifest(root, text -> text.replace(before, after));
        }
    }

    private static String entry(Path root, String name) throws IOException {
        return Files.readString(root.resolve("backup_manifest"))
                .lines()
                .filter(line -> line.contains("\"Path\": \"%s\"".formatted(name)))
                .findFirst()
                .orElseThrow();
    }

    private static String only(Path in, String pattern) throws IOException {
        return all(in, pattern).get(0);
    }

    private static List<String> all(Path in, String pattern) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] flipped(byte[] bytes) {
        bytes[bytes.length / 2] ^= 4;
        return bytes;
    }

    /** Within the first record, which every backup needs. */
    private static byte[] flippedEarly(byte[] bytes) {
        bytes[70] ^= 1;
        return bytes;
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static byte[] foreign(byte[] control) {
        ByteBuffer bytes = ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, bytes.getLong(0) ^ 1);
        CRC32C crc = new CRC32C();
        crc.update(control, 0, 288);
        bytes.putInt(288, (int) crc.getValue());
        return control;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
