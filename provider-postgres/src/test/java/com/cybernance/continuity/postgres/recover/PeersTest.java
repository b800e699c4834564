package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
    private static final Pattern ROW = Pattern.compile("\\| `?([A-Z_]+|all)`?[^|]*\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|");

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

        plain.forEach((kind, found) -> System.out.printf("pg_verifybackup    %-45s %s%n", kind, found));
        repository.forEach((kind, found) -> System.out.printf("pgbackrest verify  %-45s %s%n", kind, found));
        assertThat(table(plain, repository)).isEqualTo(written());
    }

    /** A row of cells for each kind that one of them was asked about, and one with the counts. */
    private static Map<String, List<String>> table(Map<String, Boolean> plain, Map<String, Boolean> repository) {
        Set<String> kinds = new TreeSet<>(plain.keySet());
        kinds.addAll(repository.keySet());
        // Ours are all found, or VaultVerifierTest fails.
        assertThat(Defects.ALL.stream().map(Defects::name)).containsAll(kinds);
        Map<String, List<String>> table = new TreeMap<>();
        for (String kind : kinds) {
            table.put(kind, List.of("found", cell(plain.get(kind)), cell(repository.get(kind))));
        }
        table.put("all", List.of("%1$d of %1$d".formatted(kinds.size()), count(plain), count(repository)));
        return table;
    }

    private static String cell(@Nullable Boolean found) {
        return found == null ? "" : found ? "found" : "no";
    }

    private static String count(Map<String, Boolean> kinds) {
        return "%d of %d"
                .formatted(kinds.values().stream().filter(found -> found).count(), kinds.size());
    }

    /** What the documentation says. */
    private static Map<String, List<String>> written() throws IOException {
        Map<String, List<String>> table = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/verifying-compared.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                table.put(
                        row.group(1),
                        List.of(
                                row.group(2).strip(),
                                row.group(3).strip(),
                                row.group(4).strip()));
            }
        }
        return table;
    }

    private static Map<String, Boolean> plainBackup() throws IOException {
        Path whole = directory.resolve("plain");
        peers.baseBackup(whole);
        assertThat(peers.verifyBackup(whole).code()).as("a clean backup").isZero();
        String relation = relation();
        Map<String, Harm> kinds = new LinkedHashMap<>();
        kinds.put("BASE_BIT_FLIPPED", root -> FileDamage.edit(root, relation, FileDamage::flipped));
        kinds.put("BASE_CUT", root -> FileDamage.edit(root, relation, FileDamage::half));
        kinds.put("BASE_EMPTY", root -> FileDamage.edit(root, relation, bytes -> new byte[0]));
        kinds.put("FILE_MISSING", root -> Files.delete(root.resolve(relation)));
        kinds.put(
                "TABLESPACE_MISSING",
                root -> Trees.delete(new LocalRestoreDisk(), root.resolveSibling(root.getFileName() + "-apart")));
        kinds.put(
                "FOREIGN_OBJECT_BESIDE_THE_BASE", root -> Files.writeString(root.resolve("base/1/999999"), "not ours"));
        kinds.put("MANIFEST_MISSING", root -> Files.delete(root.resolve("backup_manifest")));
        kinds.put(
                "MANIFEST_EDITED",
                root -> FileDamage.edit(root, "backup_manifest", bytes -> {
                    bytes[200] ^= 1;
                    return bytes;
                }));
        kinds.put("MANIFEST_CUT", root -> FileDamage.edit(root, "backup_manifest", FileDamage::half));
        kinds.put(
                "MANIFEST_LEAVES_A_FILE_OUT",
                root -> FileDamage.manifest(root, text -> Defects.without("PG_VERSION", text)));
        kinds.put("MANIFEST_NAMES_A_FILE_MORE", root -> FileDamage.manifest(root, Defects::withAFileMore));
        kinds.put("MANIFEST_OF_ANOTHER_RANGE", root -> FileDamage.manifest(root, Defects::ofAnotherRange));
        kinds.put("PAGE_DAMAGED_BEFORE_THE_BACKUP", root -> FileDamage.agreed(root, relation, FileDamage::flipped));
        kinds.put(
                "CONTROL_FILE_TORN",
                root -> FileDamage.agreed(root, "global/pg_control", bytes -> {
                    bytes[100] ^= 1;
                    return bytes;
                }));
        kinds.put(
                "CONTROL_FILE_OF_ANOTHER_CLUSTER",
                root -> FileDamage.agreed(root, "global/pg_control", Defects::ofAnotherCluster));
        kinds.put(
                "VERSION_OF_ANOTHER_SERVER",
                root -> FileDamage.agreed(root, "PG_VERSION", bytes -> Defects.text("14\n")));
        kinds.put("LABEL_EDITED", root -> FileDamage.agreed(root, "backup_label", Defects::ofAnotherStart));
        kinds.put("LABEL_MISSING", root -> {
            FileDamage.manifest(root, text -> Defects.without("backup_label", text));
            Files.delete(root.resolve("backup_label"));
        });
        String log = FileDamage.only(whole.resolve("pg_wal"), "[0-9A-F]{24}");
        kinds.put(
                "FIRST_PIECE_MISSING",
                root -> Files.delete(root.resolve("pg_wal").resolve(log)));
        kinds.put("PIECE_BIT_FLIPPED", root -> FileDamage.edit(root, "pg_wal/" + log, FileDamage::flippedEarly));
        kinds.put("PIECE_OF_ZEROS", root -> FileDamage.edit(root, "pg_wal/" + log, bytes -> new byte[bytes.length]));
        kinds.put("PIECE_EMPTY", root -> FileDamage.edit(root, "pg_wal/" + log, bytes -> new byte[0]));
        kinds.put(
                "PIECE_OF_ANOTHER_CLUSTER",
                root -> FileDamage.edit(root, "pg_wal/" + log, Defects::logOfAnotherCluster));
        Map<String, Boolean> found = new LinkedHashMap<>();
        for (Map.Entry<String, Harm> kind : kinds.entrySet()) {
            Path damaged = directory.resolve("damaged");
            Peers.copy(whole, damaged);
            Path apart = damaged.resolveSibling("damaged-apart");
            Peers.copy(whole.resolveSibling("plain-apart"), apart);
            Path link = damaged.resolve("pg_tblspc").resolve(FileDamage.only(damaged.resolve("pg_tblspc"), "[0-9]+"));
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
        String backup = backups.resolve(FileDamage.only(whole.resolve(backups), "[0-9-]+F"))
                .toString();
        String relation = backup + "/pg_data/" + relation() + ".zst";
        String archive =
                "archive/main/" + FileDamage.only(whole.resolve("archive/main"), "[0-9]+-1") + "/0000000100000000";
        List<String> log = FileDamage.all(whole.resolve(archive), "[0-9A-F]{24}-.*").stream()
                .map(name -> archive + "/" + name)
                .toList();
        String label = FileDamage.only(whole.resolve(archive), "[0-9A-F]{24}\\..*backup");
        String needed = log.stream()
                .filter(name -> name.contains(label.substring(0, 24)))
                .findFirst()
                .orElseThrow();
        String middle = log.get(log.size() - 2);
        String last = log.get(log.size() - 1);
        Map<String, Harm> kinds = new LinkedHashMap<>();
        kinds.put("BASE_BIT_FLIPPED", root -> FileDamage.edit(root, relation, FileDamage::flipped));
        kinds.put("BASE_CUT", root -> FileDamage.edit(root, relation, FileDamage::half));
        kinds.put("BASE_EMPTY", root -> FileDamage.edit(root, relation, bytes -> new byte[0]));
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
        kinds.put("MANIFEST_EDITED", root -> FileDamage.twice(root, backup + "/backup.manifest", FileDamage::flipped));
        kinds.put("MANIFEST_CUT", root -> FileDamage.twice(root, backup + "/backup.manifest", FileDamage::half));
        kinds.put("FIRST_PIECE_MISSING", root -> Files.delete(root.resolve(needed)));
        kinds.put("MIDDLE_PIECE_MISSING", root -> Files.delete(root.resolve(middle)));
        kinds.put("LAST_PIECE_MISSING", root -> Files.delete(root.resolve(last)));
        kinds.put("PIECE_BIT_FLIPPED", root -> FileDamage.edit(root, middle, FileDamage::flipped));
        kinds.put("PIECE_EMPTY", root -> FileDamage.edit(root, middle, bytes -> new byte[0]));
        kinds.put("PIECE_SHORTER_THAN_ITS_NAME", root -> FileDamage.edit(root, middle, FileDamage::half));
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
}
